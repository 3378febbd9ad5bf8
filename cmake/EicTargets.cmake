# What every target of the project is built with, and how a folder becomes a library.
find_program(EIC_CCACHE ccache)
if(EIC_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${EIC_CCACHE})
  # The sloppiness lets ccache serve what is built with a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${EIC_CCACHE})
endif()

# -ffp-contract=off: only the IR decides what is fused (docs/numerics.md, Bits).
add_library(eic_options INTERFACE)
target_compile_options(eic_options INTERFACE -Wall -Wextra -Wno-missing-field-initializers -Wno-restrict -ffp-contract=off)
target_include_directories(eic_options INTERFACE ${CMAKE_SOURCE_DIR})
if(EIC_SANITIZE)
  add_compile_options(-fsanitize=${EIC_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${EIC_SANITIZE})
endif()

# eic_library(name folder [RECURSE] LINKS …): a static library eic_<name> of the folder's .cpp files.
function(eic_library name folder)
  cmake_parse_arguments(arg "RECURSE" "" "LINKS" ${ARGN})
  if(arg_RECURSE)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
    list(FILTER sources EXCLUDE REGEX "/contract/")
  else()
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
  endif()
  if(sources)
    add_library(eic_${name} STATIC ${sources})
    target_link_libraries(eic_${name} PUBLIC eic_options ${arg_LINKS})
  else()
    add_library(eic_${name} INTERFACE)
    target_link_libraries(eic_${name} INTERFACE eic_options ${arg_LINKS})
  endif()
endfunction()

# eic_embed_models(target folder): a library whose one table holds the text of every .eic file below the folder.
function(eic_embed_models target folder)
  file(GLOB_RECURSE models CONFIGURE_DEPENDS ${folder}/*.eic)
  set(out ${CMAKE_BINARY_DIR}/generated/stdlib.cpp)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DFOLDER=${folder} -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${models} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake COMMENT "embedding models/std")
  add_library(${target} STATIC ${out})
  target_link_libraries(${target} PUBLIC eic_options)
endfunction()

# LLVM's headers are system headers to us. The shared library holds every component; loading it takes 12 ms of every start,
# the parts linked in (40 MB) take 3.
option(EIC_STATIC_LLVM "link the parts of LLVM that are used into the binary" OFF)
add_library(eic_llvm INTERFACE)
function(eic_define_llvm)
  target_include_directories(eic_llvm SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
  separate_arguments(definitions NATIVE_COMMAND ${LLVM_DEFINITIONS})
  target_compile_definitions(eic_llvm INTERFACE ${definitions})
  if(EIC_STATIC_LLVM)
    llvm_map_components_to_libnames(parts native orcjit)
    target_link_libraries(eic_llvm INTERFACE ${parts})
  else()
    target_link_libraries(eic_llvm INTERFACE LLVM)
  endif()
  target_link_directories(eic_llvm INTERFACE ${LLVM_LIBRARY_DIRS})
endfunction()

# LLVM's heavy headers, compiled once for the folders that use them.
function(eic_precompile_llvm first)
  target_precompile_headers(eic_${first} PRIVATE
    <llvm/IR/DIBuilder.h> <llvm/IR/IRBuilder.h> <llvm/IR/Module.h> <llvm/IR/NoFolder.h>)
  target_compile_options(eic_${first} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
  foreach(other ${ARGN})
    target_compile_options(eic_${other} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
    target_precompile_headers(eic_${other} REUSE_FROM eic_${first})
  endforeach()
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
