"""What the tests of the images need: a Docker engine of their own, images made without a registry, the composition."""
