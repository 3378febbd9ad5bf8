# What every target of the project is built with, and how a folder becomes a library.
find_program(EIC_CCACHE ccache)
if(EIC_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${EIC_CCACHE})
  # The sloppiness lets ccache serve what is built with a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${EIC_CCACHE})
endif()

# mold, where it is there, links in a fifth of the time: some twenty programs hold LLVM.
find_program(EIC_MOLD mold)
if(EIC_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 12.1)
  add_link_options(-fuse-ld=mold)
endif()

# -ffp-contract=off: only the IR decides what is fused (docs/numerics.md, Bits).
add_library(eic_options INTERFACE)
target_compile_options(eic_options INTERFACE -Wall -Wextra -Wno-missing-field-initializers -Wno-restrict -ffp-contract=off)
target_include_directories(eic_options INTERFACE ${CMAKE_SOURCE_DIR})
if(EIC_SANITIZE)
  add_compile_options(-fsanitize=${EIC_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${EIC_SANITIZE})
endif()

# Headers that nearly every file reads, compiled once. Off by default: a precompiled header is one build folder's own, and
# ccache then serves no other folder; the presets, of which one has a single folder, turn it on.
option(EIC_PRECOMPILE "precompile the headers that nearly every file reads" OFF)
if(EIC_PRECOMPILE)  # GCC 12 then shows its false alarms about std::string, which it hides in a system header
  target_compile_options(eic_options INTERFACE "$<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds;-Wno-stringop-overflow;-Wno-stringop-overread>")
endif()
set(EIC_COMMON_HEADERS <algorithm> <cmath> <functional> <map> <memory> <optional> <string> <unordered_map> <variant> <vector>
    <fmt/format.h>)

# eic_precompile(target headers…): for what is built with flags of its own.
function(eic_precompile target)
  if(EIC_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE ${ARGN})
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)  # for ccache
  endif()
endfunction()

# eic_precompiled(name LINKS … HEADERS …): a target that holds nothing but precompiled headers, for eic_reuse_precompiled.
function(eic_precompiled name)
  cmake_parse_arguments(arg "" "" "LINKS;HEADERS" ${ARGN})
  set(nothing ${CMAKE_BINARY_DIR}/generated/${name}.cpp)
  file(GENERATE OUTPUT ${nothing} CONTENT "")
  add_library(${name} OBJECT ${nothing})
  target_link_libraries(${name} PRIVATE ${arg_LINKS})
  eic_precompile(${name} ${arg_HEADERS})
endfunction()

function(eic_reuse_precompiled target name)
  if(EIC_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${name})
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
  endif()
endfunction()

# eic_library(name folder [RECURSE] LINKS … HIDDEN …): a static library eic_<name> of the folder's .cpp files. The HIDDEN
# ones are no business of those who link it, and their headers are out of others' reach.
function(eic_library name folder)
  cmake_parse_arguments(arg "RECURSE" "" "LINKS;HIDDEN" ${ARGN})
  if(arg_RECURSE)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
    list(FILTER sources EXCLUDE REGEX "/contract/")
  else()
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
  endif()
  if(sources)
    add_library(eic_${name} STATIC ${sources})
    target_link_libraries(eic_${name} PUBLIC eic_options ${arg_LINKS} PRIVATE ${arg_HIDDEN})
    if(NOT arg_HIDDEN)
      eic_reuse_precompiled(eic_${name} eic_common_headers)
    endif()
  else()
    add_library(eic_${name} INTERFACE)
    target_link_libraries(eic_${name} INTERFACE eic_options ${arg_LINKS})
  endif()
endfunction()

# eic_embed_models(target folder example): a library whose one table holds the text of every .eic file below the folder, and
# beside it that of the example.
function(eic_embed_models target folder example)
  file(GLOB_RECURSE models CONFIGURE_DEPENDS ${folder}/*.eic)
  set(out ${CMAKE_BINARY_DIR}/generated/stdlib.cpp)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DFOLDER=${folder} -DEXAMPLE=${example} -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${models} ${example} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake COMMENT "embedding models/std")
  add_library(${target} STATIC ${out})
  target_link_libraries(${target} PUBLIC eic_options)
endfunction()

# LLVM's headers are system headers to us. Its parts linked in (40 MB) start 12 ms sooner than the shared library, which holds
# everything.
function(eic_define_llvm)
  set(linked_in OFF)
  if(TARGET LLVMOrcJIT AND NOT EIC_SANITIZE)
    get_target_property(archive LLVMOrcJIT LOCATION)
    if(EXISTS "${archive}")
      set(linked_in ON)
    endif()
  endif()
  option(EIC_STATIC_LLVM "link the parts of LLVM that are used into the binary" ${linked_in})
  add_library(eic_llvm INTERFACE)
  target_include_directories(eic_llvm SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
  separate_arguments(definitions NATIVE_COMMAND ${LLVM_DEFINITIONS})
  target_compile_definitions(eic_llvm INTERFACE ${definitions})
  if(EIC_STATIC_LLVM)
    llvm_map_components_to_libnames(parts native orcjit)
    if(TARGET LLVMPerfJITEvents)  # LLVM's headers know too whether it was built with it
      list(APPEND parts LLVMPerfJITEvents)
    endif()
    target_link_libraries(eic_llvm INTERFACE ${parts})
  else()
    target_link_libraries(eic_llvm INTERFACE LLVM)
  endif()
  target_link_directories(eic_llvm INTERFACE ${LLVM_LIBRARY_DIRS})
endfunction()

# The object cache must not outlive the code that made its objects: its key holds a digest of that code.
function(eic_digest_lowering)
  file(GLOB sources CONFIGURE_DEPENDS compiler/lower/*.cpp compiler/lower/*.h compiler/jit/*.cpp compiler/jit/*.h)
  list(APPEND sources ${CMAKE_SOURCE_DIR}/runtime/contract/kernel.h ${CMAKE_SOURCE_DIR}/compiler/ir/ops.def)
  set(digests "")
  foreach(source ${sources})
    file(SHA256 ${source} digest)
    string(APPEND digests ${digest})
  endforeach()
  string(SHA256 digest "${digests}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${sources})
  set_source_files_properties(compiler/jit/key.cpp PROPERTIES COMPILE_DEFINITIONS EIC_LOWERING_DIGEST="${digest}")
endfunction()
