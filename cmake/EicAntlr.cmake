# The parser: generated at build time from grammar/Eic.g4 by the ANTLR tool that fits the runtime found.
find_path(EIC_ANTLR_INCLUDE antlr4-runtime.h PATH_SUFFIXES antlr4-runtime REQUIRED)
# Linked in where possible: relocating the shared library's many virtual tables takes a millisecond of every start.
find_library(EIC_ANTLR_LIBRARY NAMES libantlr4-runtime.a antlr4-runtime REQUIRED)
find_package(Java COMPONENTS Runtime)
# EIC_ANTLR_JAR: a tool jar of the runtime's own version; ./dev sets it where the distribution's tool does not fit.
set(EIC_ANTLR_JAR "" CACHE FILEPATH "ANTLR tool jar; empty: the distribution's antlr4")
if(EIC_ANTLR_JAR)
  set(antlr_command ${Java_JAVA_EXECUTABLE} -cp ${EIC_ANTLR_JAR} org.antlr.v4.Tool)
else()
  find_program(EIC_ANTLR4 antlr4 REQUIRED)
  set(antlr_command ${EIC_ANTLR4})
endif()
set(antlr_out ${CMAKE_BINARY_DIR}/generated/antlr)
set(antlr_sources ${antlr_out}/EicLexer.cpp ${antlr_out}/EicParser.cpp)
add_custom_command(OUTPUT ${antlr_sources} ${antlr_out}/EicLexer.h ${antlr_out}/EicParser.h
  COMMAND ${antlr_command} -Dlanguage=Cpp -no-listener -no-visitor -package eic::grammar
          -Xexact-output-dir -o ${antlr_out} ${CMAKE_SOURCE_DIR}/grammar/Eic.g4
  DEPENDS ${CMAKE_SOURCE_DIR}/grammar/Eic.g4 COMMENT "generating the parser from grammar/Eic.g4")
add_library(eic_antlr STATIC ${antlr_sources})
target_include_directories(eic_antlr SYSTEM PUBLIC ${EIC_ANTLR_INCLUDE} ${antlr_out})
# -fno-char8_t: older tools emit u8"" literals, which C++20 would type as char8_t. -w: the code is not ours.
# The generated parser is slow to compile and quick enough without -O3.
target_compile_options(eic_antlr PRIVATE -w $<$<CONFIG:Release>:-O1> PUBLIC -fno-char8_t)
target_link_libraries(eic_antlr PUBLIC ${EIC_ANTLR_LIBRARY})
