// swift-tools-version: 6.2
import PackageDescription

let root = Context.packageDirectory

// Strict memory safety where no unsafe code belongs; warnings are errors everywhere.
let common: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("MemberImportVisibility"),
]
let safe: [SwiftSetting] = common + [.strictMemorySafety()]

// Loops that index raw spans. The callers check sizes; the loops do not check them again.
let unchecked: [SwiftSetting] =
  common + [
    .unsafeFlags(["-Ounchecked", "-enforce-exclusivity=unchecked"], .when(configuration: .release))
  ]

/// The kernel loops compiled for one instruction set.
func kernels(_ name: String, cpu: String?) -> Target {
  var flags = ["-Ounchecked", "-enforce-exclusivity=unchecked"]
  if let cpu {
    flags += ["-Xfrontend", "-target-cpu", "-Xfrontend", cpu, "-Xcc", "-march=\(cpu)"]
  }
  return .target(
    name: name, dependencies: ["CLuffySIMD"], swiftSettings: common + [.unsafeFlags(flags)])
}

/// One test target a module; every one may read the reference data through LuffyTestSupport.
func tests(_ module: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: "Luffy\(module)Tests", dependencies: ["LuffyTestSupport"] + dependencies,
    swiftSettings: common)
}

#if arch(x86_64)
  let instructionSets = [
    kernels("LuffyKernelsAVX2", cpu: "haswell"),
    kernels("LuffyKernelsAVX512", cpu: "skylake-avx512"),
    kernels("LuffyKernelsAVX512BF16", cpu: "cooperlake"),
  ]
#else
  let instructionSets: [Target] = []
#endif
let instructionSetDependencies: [Target.Dependency] =
  ["LuffyKernelsPortable"] + instructionSets.map { .byName(name: $0.name) }

let package = Package(
  name: "luffy",
  products: [
    .library(name: "luffy", type: .dynamic, targets: ["LuffyCAPI"]),
    .library(name: "Luffy", targets: ["LuffyTrainer"]),
    .library(name: "LuffyVerifier", targets: ["LuffyVerifier"]),
    .executable(name: "luffy-train", targets: ["luffy-train"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // C: the public header, what Swift cannot spell, and two kept libraries behind small headers.
    .systemLibrary(name: "CLuffy"),
    .target(name: "CLuffySIMD"),
    .target(name: "CLuffyJSON", cxxSettings: [.define("NDEBUG")]),
    .systemLibrary(name: "CPCRE2", providers: [.apt(["libpcre2-dev"])]),

    // L0
    kernels("LuffyKernelsPortable", cpu: nil),
    .target(
      name: "LuffyKernels", dependencies: ["CLuffySIMD"] + instructionSetDependencies,
      swiftSettings: unchecked),
    .target(name: "LuffyJSON", dependencies: ["CLuffyJSON"], swiftSettings: common),
    .target(
      name: "LuffyTokenizer", dependencies: ["LuffyJSON", "CPCRE2"], swiftSettings: common),
    .target(name: "LuffyVerifier", swiftSettings: safe),
    .target(name: "LuffyRollout", swiftSettings: safe),

    // L1
    .target(
      name: "LuffyTensor", dependencies: ["LuffyKernels", "CLuffySIMD"], swiftSettings: unchecked),
    .target(name: "LuffyObjective", dependencies: ["LuffyRollout"], swiftSettings: safe),

    // L2
    .target(
      name: "LuffyModel",
      dependencies: ["LuffyTensor", "LuffyKernels", "LuffyJSON", "CLuffySIMD"],
      swiftSettings: unchecked),
    .target(
      name: "LuffyOptimizer", dependencies: ["LuffyTensor", "LuffyKernels", "CLuffySIMD"],
      swiftSettings: common),
    .target(
      name: "LuffyCheckpoint", dependencies: ["LuffyTensor", "LuffyJSON"], swiftSettings: common),

    // L3
    .target(
      name: "LuffySampler",
      dependencies: ["LuffyModel", "LuffyRollout", "LuffyTensor", "LuffyKernels", "CLuffySIMD"],
      swiftSettings: common),

    // L4
    .target(
      name: "LuffyTrainer",
      dependencies: [
        "LuffySampler", "LuffyModel", "LuffyOptimizer", "LuffyCheckpoint", "LuffyObjective",
        "LuffyRollout", "LuffyVerifier", "LuffyTokenizer", "LuffyTensor", "LuffyKernels",
        "LuffyJSON",
      ],
      swiftSettings: common),

    // L5
    .target(
      name: "LuffyCAPI",
      dependencies: [
        "LuffyTrainer", "LuffySampler", "LuffyModel", "LuffyOptimizer", "LuffyCheckpoint",
        "LuffyObjective", "LuffyRollout", "LuffyVerifier", "LuffyTokenizer", "LuffyTensor",
        "LuffyKernels", "LuffyJSON", "CLuffy",
      ],
      swiftSettings: common,
      linkerSettings: [
        .unsafeFlags(
          [
            "-static-stdlib", "-Xlinker", "--version-script=\(root)/luffy.exports",
            "-Xlinker", "-soname=libluffy.so.0", "-Xlinker", "--gc-sections",
          ], .when(platforms: [.linux]))
      ]),

    .executableTarget(
      name: "luffy-train",
      dependencies: [
        "LuffyTrainer", "LuffySampler", "LuffyModel", "LuffyOptimizer", "LuffyObjective",
        "LuffyRollout", "LuffyVerifier", "LuffyTokenizer", "LuffyTensor", "LuffyKernels",
        "LuffyJSON", .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Yams", package: "Yams"),
      ],
      path: "examples/swift/luffy-train", swiftSettings: common,
      linkerSettings: [.linkedLibrary("jemalloc", .when(platforms: [.linux]))]),

    .executableTarget(
      name: "luffy-bench",
      dependencies: [
        "LuffyTrainer", "LuffySampler", "LuffyModel", "LuffyTensor", "LuffyKernels",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Benchmarks/luffy-bench", swiftSettings: common,
      linkerSettings: [.linkedLibrary("jemalloc", .when(platforms: [.linux]))]),

    // Tests: one target a module.
    .target(
      name: "LuffyTestSupport", dependencies: ["LuffyJSON"], path: "Tests/LuffyTestSupport",
      swiftSettings: common),
    tests("Kernels", ["LuffyKernels", "LuffyTensor", "CLuffySIMD"]),
    tests("JSON", ["LuffyJSON"]),
    tests("Tokenizer", ["LuffyTokenizer", "LuffyJSON"]),
    tests("Verifier", ["LuffyVerifier", "LuffyJSON"]),
    tests("Tensor", ["LuffyTensor"]),
    tests("Objective", ["LuffyObjective", "LuffyRollout", "LuffyJSON"]),
    tests("Model", ["LuffyModel", "LuffyTensor", "LuffyKernels", "LuffyCheckpoint", "LuffyJSON"]),
    tests("Optimizer", ["LuffyOptimizer", "LuffyTensor"]),
    tests("Checkpoint", ["LuffyCheckpoint", "LuffyTensor", "LuffyJSON"]),
    tests(
      "Sampler",
      ["LuffySampler", "LuffyModel", "LuffyRollout", "LuffyTensor", "LuffyKernels", "LuffyJSON"]),
    tests(
      "Trainer",
      [
        "LuffyTrainer", "LuffySampler", "LuffyModel", "LuffyOptimizer", "LuffyCheckpoint",
        "LuffyObjective", "LuffyRollout", "LuffyVerifier", "LuffyTokenizer", "LuffyTensor",
        "LuffyKernels", "LuffyJSON",
      ]),
  ] + instructionSets
)
