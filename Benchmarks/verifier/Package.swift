// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "verifier-benchmark",
  dependencies: [.package(name: "luffy", path: "../..")],
  targets: [
    .executableTarget(
      name: "VerifierBenchmark",
      dependencies: [.product(name: "LuffyVerifier", package: "luffy")])
  ]
)
