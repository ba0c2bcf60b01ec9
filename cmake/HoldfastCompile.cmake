# Compile and link flags that every target of ours takes from Holdfast::options.
add_library(holdfast_options INTERFACE)
add_library(Holdfast::options ALIAS holdfast_options)

target_compile_features(holdfast_options INTERFACE cxx_std_20)
target_compile_options(holdfast_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual -Wcast-align
  $<$<BOOL:${HOLDFAST_WERROR}>:-Werror>
  -fstack-protector-strong -fstack-clash-protection -fcf-protection=full)
target_compile_definitions(holdfast_options INTERFACE
  QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING QT_NO_CONTEXTLESS_CONNECT QT_NO_KEYWORDS
  QT_STRICT_ITERATORS QT_DISABLE_DEPRECATED_BEFORE=0x060400
  HOLDFAST_VERSION="${PROJECT_VERSION}"
  $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>
  $<$<NOT:$<CONFIG:Debug>>:_GLIBCXX_ASSERTIONS>)
target_link_options(holdfast_options INTERFACE -Wl,-z,relro,-z,now -Wl,-z,noexecstack)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(HOLDFAST_SANITIZE)
  target_compile_options(holdfast_options INTERFACE -fsanitize=${HOLDFAST_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(holdfast_options INTERFACE -fsanitize=${HOLDFAST_SANITIZE})
  # GCC 12 sees uninitialised memory in Boost and in std::variant once the sanitizers' checks stand between their lines.
  target_compile_options(holdfast_options INTERFACE -Wno-maybe-uninitialized)
  if(HOLDFAST_SANITIZE MATCHES "undefined")
    target_compile_options(holdfast_options INTERFACE -fno-sanitize-recover=undefined)
  endif()
endif()

find_program(HOLDFAST_CCACHE ccache)
if(HOLDFAST_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${HOLDFAST_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${HOLDFAST_CCACHE})
endif()
find_program(HOLDFAST_MOLD mold)
if(HOLDFAST_MOLD)
  target_link_options(holdfast_options INTERFACE -fuse-ld=mold)
endif()
