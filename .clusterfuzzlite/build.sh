#!/bin/bash
# The build contract of OSS-Fuzz: puts rqspinlock_fuzzer, its seeds, dictionary and options into $OUT, where it runs from
# any folder and without this source tree. Reads $SRC (which holds this repository as rqfuzz), $OUT, $CXX, $CXXFLAGS,
# $LIB_FUZZING_ENGINE and, where it may build, $WORK; the project has no C files for $CC and $CFLAGS. Needs no network.
set -eu
: "${SRC:?}" "${OUT:?}" "${CXX:?}" "${LIB_FUZZING_ENGINE:?}"
source_folder=$SRC/rqfuzz
work=${WORK:-$(mktemp --directory)}/rqfuzz-${SANITIZER:-build}
mkdir --parents "$work"

# Coverage is of the locks, which CMakeLists.txt instruments itself: coverage of the tool around them would only be
# noise. And the system's libraries are made for the system's C++ library.
flags=()
for flag in ${CXXFLAGS:-}; do
  case $flag in
    -fsanitize=fuzzer-no-link | -stdlib=libc++) ;;
    *) flags+=("$flag") ;;
  esac
done

launcher=()
if [[ ${CXX##*/} == afl-* ]]; then
  launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER="env;AFL_NOOPT=1")
fi

CXXFLAGS=${flags[*]} cmake -S "$source_folder" -B "$work" -G Ninja \
  -DCMAKE_CXX_COMPILER="$CXX" -DCMAKE_BUILD_TYPE=None -DRQFUZZ_FUZZING_ENGINE="$LIB_FUZZING_ENGINE" "${launcher[@]}"
cmake --build "$work" --target rqspinlock_fuzzer rqfuzz_export_seeds

# Findings that are explained in corpus/discoveries are no news.
mkdir --parents "$OUT/discoveries"
cp "$source_folder"/corpus/discoveries/*.rqs "$OUT/discoveries"
cp "$work/rqspinlock_fuzzer" "$source_folder/.clusterfuzzlite/rqspinlock_fuzzer.options" "$OUT"
ASAN_OPTIONS=detect_leaks=0 "$work/rqfuzz_export_seeds" "$source_folder/corpus/seeds" \
  "$OUT/rqspinlock_fuzzer_seed_corpus.zip" "$OUT/rqspinlock_fuzzer.dict"
