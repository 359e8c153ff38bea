#!/usr/bin/env bash
# Builds a real kube-apiserver from Debian's own sources and puts it beside Debian's etcd:
#
#   export KUBEBUILDER_ASSETS="$(tools/kube/build-kube-apiserver.sh)"
#
# Prints the folder as its only line on stdout; what it does goes to stderr. Needs no root and installs nothing: packages
# come through apt, from the sources that this machine already has, into a cache outside the repository
# (${XDG_CACHE_HOME:-~/.cache}/smart-router/kube). A folder that already works is printed at once.
# Takes about seven minutes on two free cores, 3 GB of disk while it builds and 300 MB afterwards.
set -euo pipefail

KUBERNETES_VERSION=1.20.2
GO_PACKAGE=golang-1.19
CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/smart-router/kube"
ASSETS="$CACHE/$KUBERNETES_VERSION"
WORK="$CACHE/build-$KUBERNETES_VERSION"
APT="$WORK/apt"

say() { echo "kube-apiserver: $*" >&2; }
fail() {
  say "$*"
  exit 1
}

assets_work() {
  [ -x "$ASSETS/kube-apiserver" ] && [ -x "$ASSETS/etcd" ] || return 1
  "$ASSETS/kube-apiserver" --version 2>/dev/null | grep -q "v$KUBERNETES_VERSION" &&
    "$ASSETS/etcd" --version 2>/dev/null | grep -q '^etcd Version'
}

check_machine() {
  for tool in apt-get dpkg-deb dpkg-source gcc; do
    command -v "$tool" >/dev/null || fail "$tool is missing (Debian packages: apt, dpkg-dev, gcc)"
  done
  local free_kb
  free_kb=$(df --output=avail -k "$CACHE" | tail -1)
  [ "$free_kb" -gt 4000000 ] || fail "needs 4 GB free under $CACHE, found $((free_kb / 1000)) MB"
}

# The machine's own list of sources stays as it is: apt works on a list and a state folder of this script.
# Packages and sources are taken from the entries of the running release.
prepare_apt() {
  mkdir -p "$APT"/{lists/partial,archives/partial,parts}
  local codename
  codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Identifier: Packages' | sort -u |
    while read -r uri release component; do
      case "$release" in
        "$codename" | "$codename"-updates | "$codename"-security | "$codename"/updates)
          echo "deb $uri $release $component"
          echo "deb-src $uri $release $component"
          ;;
      esac
    done >"$APT/sources.list"
  [ -s "$APT/sources.list" ] || fail "apt knows no source for the release $codename"
}

own_apt() {
  apt-get -q -o "Dir::Etc::sourcelist=$APT/sources.list" -o "Dir::Etc::sourceparts=$APT/parts" \
    -o "Dir::State::lists=$APT/lists" -o "Dir::Cache=$APT" -o "Dir::Cache::archives=$APT/archives" \
    -o "APT::Sandbox::User=$(id -un)" "$@" >&2
}

fetch() {
  say "fetching the sources of kubernetes $KUBERNETES_VERSION, Go and etcd through apt"
  own_apt update
  cd "$WORK"
  own_apt download "$GO_PACKAGE-go" "$GO_PACKAGE-src" etcd-server
  own_apt source --download-only kubernetes
  local found
  # Debian spells it 1.20.5+really1.20.2: the newer one was taken back.
  found=$(echo kubernetes_*"$KUBERNETES_VERSION"-*.dsc)
  [ -f "$found" ] || fail "apt offers another version of the source package than $KUBERNETES_VERSION: $(ls ./*.dsc)"
  rm -rf "$WORK/root" "$WORK/gopath"
  for package in "$GO_PACKAGE"-go_*.deb "$GO_PACKAGE"-src_*.deb etcd-server_*.deb; do
    dpkg-deb --extract "$package" "$WORK/root"
  done
  mkdir -p "$WORK/gopath/src/k8s.io"
  dpkg-source --no-check --extract "$found" "$WORK/gopath/src/k8s.io/kubernetes" >&2
}

# The source package builds outside of modules: everything that it needs is under vendor/ of its own tree.
use_go() {
  export GOROOT="$WORK/root/usr/lib/go-1.19" GOPATH="$WORK/gopath" GOCACHE="$WORK/gocache"
  export GO111MODULE=off GOFLAGS= GOTOOLCHAIN=local CGO_ENABLED=0
  export PATH="$GOROOT/bin:$PATH"
  cd "$GOPATH/src/k8s.io/kubernetes"
  go version >&2 || fail "Go does not run from $GOROOT"
}

packages_with_openapi() {
  grep --dereference-recursive --files-with-matches --include='*.go' '^ *// +k8s:openapi-gen=' "$@" |
    xargs -n1 dirname | LC_ALL=C sort -u | sed 's#^#k8s.io/kubernetes/#' | paste -sd,
}

# The source package leaves out three generated packages that describe the API; without them nothing compiles.
generate_openapi() {
  local out=$1 packages
  shift
  say "generating $out"
  packages=$(packages_with_openapi "$@")
  "$GOPATH/bin/openapi-gen" --logtostderr -O zz_generated.openapi -r "$WORK/openapi-violations" \
    -h vendor/k8s.io/code-generator/hack/boilerplate.go.txt \
    -i "$packages" -p "k8s.io/kubernetes/$out" >&2
  grep -q 'func schema_' "$out/zz_generated.openapi.go" || fail "openapi-gen wrote nothing into $out"
}

compile() {
  use_go
  say "compiling openapi-gen with $(go version)"
  go install k8s.io/kubernetes/vendor/k8s.io/kube-openapi/cmd/openapi-gen
  local machinery=vendor/k8s.io/apimachinery/pkg
  local shared=("$machinery/apis/meta/v1" "$machinery/runtime" "$machinery/version")
  generate_openapi staging/src/k8s.io/kube-aggregator/pkg/generated/openapi "${shared[@]}" vendor/k8s.io/kube-aggregator
  generate_openapi staging/src/k8s.io/apiextensions-apiserver/pkg/generated/openapi "${shared[@]}" \
    vendor/k8s.io/apiextensions-apiserver vendor/k8s.io/api/autoscaling/v1
  generate_openapi pkg/generated/openapi cmd pkg $(ls -d vendor/k8s.io/* | grep -v -e code-generator -e sample-)
  say "compiling kube-apiserver, which takes minutes"
  local version=k8s.io/component-base/version
  nice go build -o "$WORK/kube-apiserver" \
    -ldflags "-s -w -X k8s.io/kubernetes/vendor/$version.gitVersion=v$KUBERNETES_VERSION -X $version.gitVersion=v$KUBERNETES_VERSION" \
    k8s.io/kubernetes/cmd/kube-apiserver >&2
}

# Into its place as a whole, so that a build that was interrupted is not taken for a finished one.
install_assets() {
  rm -rf "$ASSETS.new" "$ASSETS"
  mkdir -p "$ASSETS.new"
  mv "$WORK/kube-apiserver" "$ASSETS.new/"
  cp "$WORK/root/usr/bin/etcd" "$ASSETS.new/"
  mv "$ASSETS.new" "$ASSETS"
  assets_work || fail "what was built does not run: $ASSETS"
  chmod -R u+w "$WORK" && rm -rf "$WORK"
}

mkdir -p "$CACHE"
if ! assets_work; then
  check_machine
  mkdir -p "$WORK"
  exec 9>"$CACHE/lock"
  flock 9
  if ! assets_work; then
    prepare_apt
    fetch
    compile
    install_assets
  fi
fi
say "ready"
echo "$ASSETS"
