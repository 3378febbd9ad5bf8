# Writes OUT: the files below FOLDER, and the file EXAMPLE, as raw string literals, found by compiler/stdlib.h.
file(GLOB_RECURSE models RELATIVE ${FOLDER} ${FOLDER}/*.eic)
list(SORT models)
set(text "#include \"compiler/stdlib.h\"\nnamespace eic {\nstatic const StdFile files[] = {\n")
foreach(model ${models})
  file(READ ${FOLDER}/${model} content)
  string(APPEND text "{\"${model}\", R\"eic_text(${content})eic_text\"},\n")
endforeach()
file(READ ${EXAMPLE} content)
string(APPEND text "};\nstd::span<const StdFile> std_files() { return files; }\n"
  "std::string_view example_text() { return R\"eic_text(${content})eic_text\"; }\n}  // namespace eic\n")
file(WRITE ${OUT} "${text}")
