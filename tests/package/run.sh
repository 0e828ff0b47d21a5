#!/usr/bin/env bash
# Packs GenDsl and builds projects against the package as a user would: outside this repository, from a folder as feed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here"

export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1
version="0.0.0-test.$(date +%s)"
work=$(mktemp -d)
packages=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: //')
trap 'rm -rf "$work" "${packages:?}/gendsl/$version"' EXIT

fail() {
    echo "package test: $1" >&2
    exit 1
}

# Built apart: outputs are hard links, and assemblies of this version must not reach the bin folders of the working copy.
dotnet pack ../../src/Runtime -c Release -p:Version="$version" --artifacts-path "$work/artifacts" -o "$work/feed" -v q
cp -r Consumer "$work/Consumer"
cd "$work/Consumer"
cat > nuget.config <<END
<configuration><packageSources><add key="gendsl-test" value="$work/feed" /></packageSources></configuration>
END
export GenDslPackageVersion="$version"

echo "== a .gen file becomes a type, and TorchSharp loads"
dotnet build -v q
[[ $(dotnet run --no-build) == "ok" ]] || fail "the consumer does not run"

echo "== a second build does nothing"
dotnet build --no-restore -v n | grep -q 'Skipping target "CoreCompile"' || fail "a build without a change compiles again"

echo "== a publish runs by itself"
dotnet publish -v q -o "$work/published"
[[ $(dotnet "$work/published/Consumer.dll") == "ok" ]] || fail "the published consumer does not run"

echo "== a file that goes takes its type along"
mv sample.gen "$work/sample.gen"
dotnet build -v q > "$work/log" && fail "the type of a deleted file is still there"
grep -q 'Program.cs.*error CS' "$work/log" || fail "the deleted file breaks something else"
mv "$work/sample.gen" sample.gen

echo "== a mistake in the file is an error at its place"
cp sample.gen "$work/sample.gen"
echo 'net {' >> sample.gen
dotnet build -v q > "$work/log" && fail "a broken file builds"
grep -Eq 'sample\.gen\([0-9]+,[0-9]+\): error GEN1' "$work/log" || fail "the error does not name the file and the place"
cp "$work/sample.gen" sample.gen

echo "== the switch takes the files out"
dotnet build -v q -p:EnableDefaultGenItems=false > "$work/log" && fail "the files are still compiled"
grep -q 'error CS' "$work/log" || fail "the switch breaks something else"

echo "== a project that gets the package through another one has the generator too"
cp -r "$here/Indirect" "$work/Indirect"
cp nuget.config "$work/Indirect"
[[ $(dotnet run --project "$work/Indirect") == "ok" ]] || fail "the indirect consumer does not run"

echo "package test: ok"
