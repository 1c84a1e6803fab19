# The libraries that draw the charts of a report: npm packages pinned by the SHA-512 of their
# tarballs, from -DLYAP_ASSETS_DIR= (a folder with the tarballs), from the cache, or from the
# registry that npm is configured for. Without them reports show tables and say why.
option(LYAP_ASSETS "Fetch the libraries that draw the charts of reports; OFF: reports without charts"
       ON)
set(LYAP_ASSETS_DIR "" CACHE PATH "Folder with the tarballs of the chart libraries; empty: npm")

set(lyap_asset_packages
    "vega|6.4.0|vega.min.js|ac75c2ab62e911608b3235c1123ee1a1c63d1b4fe2e5319845ac861928f4e954c5e3e976206d99ee87992828d66d487fee14c4fe65616da38f07bdb0084961ea"
    "vega-lite|6.5.0|vega-lite.min.js|7cc5c5eacd0cac88345135a72c87de16d8122f3561cb348aa1bcc6ae1e6b852fa62fa14e6051b79bba2e278536de08fae442be825f452084f9c3bc0b35a03390"
    "vega-embed|7.3.0|vega-embed.min.js|c10f2ce46692ceaa0a82645f6d1a25801ae313608fed92875ea1fb3628f132a3e3a5d5b14ace039fcb6fa7d83482242f87670afb7a79eacc63596334c0d9e01b")

# The tarball of a package, verified, or nothing.
function(lyap_asset_tarball name version sha512 result)
  set(file ${name}-${version}.tgz)
  if(DEFINED ENV{XDG_CACHE_HOME})
    set(cache $ENV{XDG_CACHE_HOME}/lyap/assets)
  else()
    set(cache $ENV{HOME}/.cache/lyap/assets)
  endif()
  if(LYAP_ASSETS_DIR)
    set(cache ${LYAP_ASSETS_DIR})
  elseif(NOT EXISTS ${cache}/${file})
    find_program(LYAP_NPM npm)
    if(LYAP_NPM)
      file(MAKE_DIRECTORY ${cache})
      message(STATUS "Fetching ${name}@${version} with npm")
      execute_process(COMMAND ${LYAP_NPM} pack ${name}@${version} --silent --pack-destination ${cache}
                      WORKING_DIRECTORY ${cache} TIMEOUT 60 OUTPUT_QUIET ERROR_QUIET)
    endif()
  endif()
  set(${result} "" PARENT_SCOPE)
  if(EXISTS ${cache}/${file})
    file(SHA512 ${cache}/${file} found)
    if(found STREQUAL sha512)
      set(${result} ${cache}/${file} PARENT_SCOPE)
    else()
      message(WARNING "${cache}/${file} is not the ${name} ${version} that was published (its SHA-512 "
                      "differs) and is not used; delete it and configure again")
    endif()
  endif()
endfunction()

# Libraries and licences beside the program's other shared files.
function(lyap_provide_assets folder)
  file(MAKE_DIRECTORY ${folder})
  foreach(package IN LISTS lyap_asset_packages)
    string(REPLACE "|" ";" package ${package})
    list(GET package 0 name)
    list(GET package 1 version)
    list(GET package 2 script)
    list(GET package 3 sha512)
    if(NOT LYAP_ASSETS)
      file(REMOVE ${folder}/${script} ${folder}/${name}.LICENSE)
      continue()
    endif()
    lyap_asset_tarball(${name} ${version} ${sha512} tarball)
    if(NOT tarball)
      message(WARNING "${name} ${version} is not at hand: reports will have tables and no charts. "
                      "Configure again with a network and npm, or with -DLYAP_ASSETS_DIR= naming a "
                      "folder that holds ${name}-${version}.tgz, or with -DLYAP_ASSETS=OFF")
      file(REMOVE ${folder}/${script})
      continue()
    endif()
    set(unpacked ${CMAKE_CURRENT_BINARY_DIR}/assets/${name})
    file(ARCHIVE_EXTRACT INPUT ${tarball} DESTINATION ${unpacked}
         PATTERNS package/build/${script} package/LICENSE)
    configure_file(${unpacked}/package/build/${script} ${folder}/${script} COPYONLY)
    configure_file(${unpacked}/package/LICENSE ${folder}/${name}.LICENSE COPYONLY)
  endforeach()
endfunction()

lyap_provide_assets(${CMAKE_BINARY_DIR}/share/lyap/assets)
install(DIRECTORY ${CMAKE_BINARY_DIR}/share/lyap/assets DESTINATION ${CMAKE_INSTALL_DATADIR}/lyap)
