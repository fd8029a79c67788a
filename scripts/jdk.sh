# Read by the scripts here, not run: finds a JDK 25 as ./reprise does, and builds the benchmarks. Expects $root.

# The feature version of the JDK in a folder, 0 if there is none. Its file "release" says so without starting a JVM.
jdk_version() {
    version=0
    if [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ]; then
        version=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9]*\).*/\1/p' "$1/release")
    fi
    echo "${version:-0}"
}

# Sets $jdk, or ends the script.
find_jdk() {
    on_path=$(command -v java || true)
    if [ -n "$on_path" ]; then
        on_path=$(readlink -f -- "$on_path")
        on_path=${on_path%/bin/java}
    fi
    for candidate in "${JAVA_HOME-}" "$on_path" /usr/lib/jvm/* /usr/local/lib/jvm/* /usr/java/* /opt/* /opt/*/* \
        "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* "${HOME-}"/.local/share/mise/installs/java/*; do
        if [ -n "$candidate" ] && [ "$(jdk_version "$candidate")" -ge 25 ]; then
            jdk=$candidate
            return
        fi
    done
    echo "${0##*/}: needs a JDK 25 or newer and found none; install one: apt-get install openjdk-25-jdk-headless" >&2
    exit 2
}

# Builds bench and what it stands on, if a source is newer than what is built.
build_bench() {
    jar=$root/bench/target/reprise-bench.jar
    if [ -f "$jar" ] && [ -z "$(cd "$root" && find pom.xml ./*/pom.xml ./*/src/main -newer "$jar" | head -n 1)" ]; then
        return
    fi
    echo "${0##*/}: building" >&2
    (cd "$root" && JAVA_HOME=$jdk mvn -q -B -pl bench -am package -Dmaven.test.skip=true) >&2 || exit 1
    touch "$jar"
}
