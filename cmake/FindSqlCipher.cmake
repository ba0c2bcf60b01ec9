# SQLCipher >= 4.6 as SqlCipher::SqlCipher. Debian's pkg-config file names the include folder.
find_package(PkgConfig REQUIRED)
pkg_check_modules(SQLCIPHER REQUIRED IMPORTED_TARGET sqlcipher>=3.46)
if(NOT TARGET SqlCipher::SqlCipher)
  add_library(SqlCipher::SqlCipher INTERFACE IMPORTED)
  target_link_libraries(SqlCipher::SqlCipher INTERFACE PkgConfig::SQLCIPHER)
  target_compile_definitions(SqlCipher::SqlCipher INTERFACE SQLITE_HAS_CODEC)
endif()
set(SqlCipher_FOUND TRUE)
