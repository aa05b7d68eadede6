// Read by LeakSanitizer at exit, when there is one. libpqxx 6 forgets the result at hand (2 KB) when a connection
// breaks during a statement: it throws over the lost connection's encoding before it takes the result over.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libpqxx-6\n";
}
