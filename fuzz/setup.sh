# What fuzz/run and tests/run share: packages and builds. Sourced by them with `root` set to the repository's root.
# shellcheck shell=bash
: "${root:?}"

packages=(
  binutils
  chromium  # the tests of pages
  clang
  cmake
  fonts-dejavu-core
  libabsl-dev
  libboost-context-dev
  libboost-dev
  libclang-rt-14-dev
  libcli11-dev
  libgtest-dev
  llvm  # llvm-symbolizer, for the sanitizers' reports
  ninja-build
  nlohmann-json3-dev
)

# For campaigns with AFL++ and the tests of them.
afl_packages=(
  afl++
)

say() {
  echo "== $*" >&2
}

# install_packages [PACKAGE]...: installs the Debian packages that are missing, those too that are named. Without the right
# to do so, prints the line to run and ends.
install_packages() {
  if ! command -v dpkg-query >/dev/null; then
    echo "rqfuzz is built on Debian 12, and this system has no dpkg." >&2
    exit 1
  fi
  local missing=() package
  for package in "${packages[@]}" "$@"; do
    if [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) != installed ]]; then
      missing+=("$package")
    fi
  done
  if ((${#missing[@]} == 0)); then
    return
  fi

  local as_root=()
  if ((EUID != 0)); then
    # sudo may ask for a password, but only where there is somebody to answer.
    if command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then
      as_root=(sudo)
    else
      echo "Debian packages are missing. As root, run:" >&2
      echo "apt-get update && apt-get install --yes --no-install-recommends ${missing[*]}" >&2
      exit 1
    fi
  fi
  say "Installing ${missing[*]}"
  "${as_root[@]}" apt-get update >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --no-install-recommends "${missing[@]}" >&2
}

# build PRESET [TARGET]...: configures where that is due, and builds the targets, or everything.
build() {
  local preset=$1 folder="$root/build/$1" target arguments=()
  shift
  # Ninja configures again by itself when CMakeLists.txt changes, but knows nothing of presets, and not that AFL++ has
  # been installed since.
  if [[ ! -f "$folder/build.ninja" || "$root/CMakePresets.json" -nt "$folder/CMakeCache.txt" ]] ||
    { grep --quiet RQFUZZ_AFL_CXX.*NOTFOUND "$folder/CMakeCache.txt" && command -v afl-clang-fast++ >/dev/null; }; then
    say "Configuring build/$preset"
    cmake -S "$root" --preset "$preset" >&2
  fi
  for target in "$@"; do
    arguments+=(--target "$target")
  done
  say "Building build/$preset"
  cmake --build "$folder" "${arguments[@]}" >&2
}
