# lyap_add_plugin(NAME SOURCES... [BLAS]) - a plugin library NAME.lyap.so, built the way the kernel
# expects: one exported symbol, nothing undefined, nothing inherited from the kernel.
# BLAS hands Eigen's matrix products to OpenBLAS, which picks the processor's best code at run time.
function(lyap_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "BLAS" "" "")
  add_library(${name} MODULE ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE lyap::sdk)
  set_target_properties(
    ${name} PROPERTIES PREFIX "" SUFFIX ".lyap.so" CXX_VISIBILITY_PRESET hidden
                       VISIBILITY_INLINES_HIDDEN ON)
  if(LYAP_PLUGIN_OUTPUT)
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${LYAP_PLUGIN_OUTPUT})
  endif()
  target_link_options(${name} PRIVATE
                      -Wl,--version-script=${LYAP_SDK_CMAKE_DIR}/plugin.version)
  if(NOT LYAP_SANITIZE) # sanitizers leave their own symbols undefined on purpose
    target_link_options(${name} PRIVATE -Wl,-z,defs)
  endif()
  if(arg_BLAS)
    target_compile_definitions(${name} PRIVATE EIGEN_USE_BLAS)
    target_link_libraries(${name} PRIVATE openblas)
  endif()
endfunction()
