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
    name: name, dependencies: ["CLuffySIMD"], path: "Sources/Engine/\(name)",
    swiftSettings: common + [.unsafeFlags(flags)])
}

/// Allocations of the library that have a reserve: see Sources/C/CLuffyReserve.
let reservedAllocations = [
  "malloc", "calloc", "realloc", "posix_memalign", "free", "malloc_usable_size", "_Znwm",
  "_ZnwmRKSt9nothrow_t", "_ZdlPv", "_ZdlPvm",
].flatMap { ["-Xlinker", "--wrap=\($0)"] }

/// One test target per module, in the module's wing; every one may read the reference data through LuffyTestSupport.
func tests(_ wing: String, _ module: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: "Luffy\(module)Tests", dependencies: ["LuffyTestSupport"] + dependencies,
    path: "Tests/\(wing)/Luffy\(module)Tests", swiftSettings: common)
}

#if arch(x86_64)
  // scripts/test-sanitized leaves the wide sets out: they are the same loops, and the compiler takes many minutes to check
  // each of their unrolled accesses.
  let isSanitized = Context.environment["LUFFY_SANITIZE"] != nil
  let wideInstructionSets = [
    kernels("LuffyKernelsAVX512", cpu: "skylake-avx512"),
    kernels("LuffyKernelsAVX512BF16", cpu: "cooperlake"),
  ]
  let instructionSets =
    [kernels("LuffyKernelsAVX2", cpu: "haswell")] + (isSanitized ? [] : wideInstructionSets)
#else
  let instructionSets: [Target] = []
#endif
let instructionSetDependencies: [Target.Dependency] =
  ["LuffyKernelsPortable"] + instructionSets.map { .byName(name: $0.name) }

let trainerModules: [Target.Dependency] = [
  "CLuffy",
  "LuffyReport", "LuffyRun", "LuffyEvaluation", "LuffyRecords", "LuffyOptions", "LuffyTrainer",
  "LuffySampler", "LuffyModel", "LuffyOptimizer", "LuffyCheckpoint",
  "LuffyObjective", "LuffyRollout", "LuffyVerifier", "LuffyTokenizer", "LuffyTensor",
  "LuffyKernels",
  "LuffyJSON", .product(name: "ArgumentParser", package: "swift-argument-parser"),
  .product(name: "Yams", package: "Yams"),
]
/// The trainer; for `scripts/fuzz` a library of the same sources, which has the fuzz targets' functions for an entry.
let isFuzzed = Context.environment["LUFFY_FUZZ"] != nil
let trainer: Target =
  isFuzzed
  ? .target(
    name: "LuffyTrainReaders", dependencies: trainerModules, path: "Sources/Faces/luffy-train",
    exclude: ["LuffyTrain.swift"], swiftSettings: common)
  : .executableTarget(
    name: "luffy-train", dependencies: trainerModules, path: "Sources/Faces/luffy-train",
    exclude: ["Fuzz"], swiftSettings: common,
    linkerSettings: [.linkedLibrary("jemalloc", .when(platforms: [.linux]))])

let package = Package(
  name: "luffy",
  products: [
    .library(name: "luffy", type: .dynamic, targets: ["LuffyCAPI"]),
    .library(name: "Luffy", targets: ["LuffyRun", "LuffyReport", "LuffyTrainer"]),
    .library(name: "LuffyVerifier", targets: ["LuffyVerifier"]),
    isFuzzed
      ? .library(name: "luffy-train-readers", type: .dynamic, targets: ["LuffyTrainReaders"])
      : .executable(name: "luffy-train", targets: ["luffy-train"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // C: the public header, what Swift cannot spell, and two kept libraries behind small headers.
    .systemLibrary(name: "CLuffy", path: "Sources/C/CLuffy"),
    .target(name: "CLuffySIMD", path: "Sources/C/CLuffySIMD"),
    .target(
      name: "CLuffyHost", path: "Sources/C/CLuffyHost",
      cSettings: [.headerSearchPath("../../../include")]),
    .target(name: "CLuffyJSON", path: "Sources/C/CLuffyJSON", cxxSettings: [.define("NDEBUG")]),
    .target(name: "CLuffyFiles", path: "Sources/C/CLuffyFiles"),
    .target(name: "CLuffyReserve", path: "Sources/C/CLuffyReserve"),
    .systemLibrary(name: "CPCRE2", path: "Sources/C/CPCRE2", providers: [.apt(["libpcre2-dev"])]),

    // L0
    kernels("LuffyKernelsPortable", cpu: nil),
    .target(
      name: "LuffyKernels",
      dependencies: ["CLuffySIMD", "CLuffyHost"] + instructionSetDependencies,
      path: "Sources/Engine/LuffyKernels",
      swiftSettings: unchecked),
    .target(
      name: "LuffyJSON", dependencies: ["CLuffyJSON"], path: "Sources/Files/LuffyJSON",
      swiftSettings: common),
    .target(
      name: "LuffyTokenizer", dependencies: ["LuffyJSON", "CPCRE2"],
      path: "Sources/Rules/LuffyTokenizer", swiftSettings: safe),
    .target(name: "LuffyVerifier", path: "Sources/Rules/LuffyVerifier", swiftSettings: safe),
    .target(name: "LuffyRollout", path: "Sources/Rules/LuffyRollout", swiftSettings: safe),

    .target(
      name: "LuffyOptions", dependencies: ["LuffyJSON"], path: "Sources/Rules/LuffyOptions",
      swiftSettings: safe),

    // L1
    .target(
      name: "LuffyTensor", dependencies: ["LuffyKernels", "CLuffySIMD"],
      path: "Sources/Engine/LuffyTensor", swiftSettings: unchecked),
    .target(
      name: "LuffyObjective", dependencies: ["LuffyRollout"], path: "Sources/Rules/LuffyObjective",
      swiftSettings: safe),

    // L2
    .target(
      name: "LuffyModel",
      dependencies: ["LuffyTensor", "LuffyKernels", "CLuffySIMD"],
      path: "Sources/Engine/LuffyModel",
      swiftSettings: unchecked),
    .target(
      name: "LuffyOptimizer", dependencies: ["LuffyTensor", "LuffyKernels", "CLuffySIMD"],
      path: "Sources/Engine/LuffyOptimizer",
      swiftSettings: common),
    .target(
      name: "LuffyCheckpoint",
      dependencies: ["LuffyModel", "LuffyTensor", "LuffyJSON", "CLuffyFiles"],
      path: "Sources/Files/LuffyCheckpoint", swiftSettings: common),

    .target(
      name: "LuffyRecords", dependencies: ["LuffyJSON", "LuffyCheckpoint"],
      path: "Sources/Files/LuffyRecords", swiftSettings: safe),

    // L3
    .target(
      name: "LuffySampler",
      dependencies: ["LuffyModel", "LuffyRollout", "LuffyTensor", "LuffyKernels", "CLuffySIMD"],
      path: "Sources/Training/LuffySampler",
      swiftSettings: common),

    // L4
    .target(
      name: "LuffyTrainer",
      dependencies: [
        "LuffySampler", "LuffyModel", "LuffyOptimizer", "LuffyCheckpoint", "LuffyObjective",
        "LuffyOptions", "LuffyRollout", "LuffyVerifier", "LuffyTokenizer", "LuffyTensor",
        "LuffyKernels", "LuffyJSON",
      ], path: "Sources/Training/LuffyTrainer",
      swiftSettings: common),

    .target(
      name: "LuffyEvaluation",
      dependencies: [
        "LuffyTrainer", "LuffySampler", "LuffyModel", "LuffyRecords", "LuffyOptions",
        "LuffyRollout", "LuffyVerifier", "LuffyTokenizer", "LuffyJSON",
      ], path: "Sources/Training/LuffyEvaluation", swiftSettings: safe),
    .target(
      name: "LuffyRun",
      dependencies: [
        "LuffyEvaluation", "LuffyTrainer", "LuffySampler", "LuffyModel", "LuffyOptimizer",
        "LuffyCheckpoint",
        "LuffyRecords", "LuffyOptions", "LuffyObjective", "LuffyRollout", "LuffyVerifier",
        "LuffyTokenizer", "LuffyTensor", "LuffyKernels", "LuffyJSON",
      ], path: "Sources/Training/LuffyRun", swiftSettings: safe),

    .target(
      name: "LuffyReport",
      dependencies: ["LuffyRun", "LuffyRecords", "LuffyCheckpoint", "LuffyOptions", "LuffyJSON"],
      path: "Sources/Training/LuffyReport", swiftSettings: safe),

    // L5
    .target(
      name: "LuffyCAPI",
      dependencies: [
        "LuffyReport", "LuffyRun", "LuffyEvaluation", "LuffyRecords", "LuffyOptions",
        "LuffyTrainer", "LuffySampler",
        "LuffyModel", "LuffyOptimizer", "LuffyCheckpoint",
        "LuffyObjective", "LuffyRollout", "LuffyVerifier", "LuffyTokenizer", "LuffyTensor",
        "LuffyKernels", "LuffyJSON", "CLuffy", "CLuffyHost", "CLuffyReserve",
      ], path: "Sources/Faces/LuffyCAPI",
      swiftSettings: common,
      linkerSettings: [
        .unsafeFlags(
          [
            "-static-stdlib", "-Xlinker", "--version-script=\(root)/luffy.exports",
            "-Xlinker", "-soname=libluffy.so.0", "-Xlinker", "--gc-sections",
            // Its threads, and what ends with a host's threads, outlive dlclose.
            "-Xlinker", "-z", "-Xlinker", "nodelete",
            // See Sources/C/CLuffyHost/Fork.c.
            "-Xlinker", "--wrap=_ZN5swift7runtime11environment10initializeEPv",
            "-Xlinker", "--wrap=_ZN5swift14threading_impl9once_slowERNS0_6once_tEPFvPvES3_",
          ] + reservedAllocations, .when(platforms: [.linux]))
      ]),

    trainer,

    .executableTarget(
      name: "example-run", dependencies: ["LuffyRun", "LuffyReport", "LuffyRollout"],
      path: "examples/swift/01_run", swiftSettings: common,
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
    tests("Engine", "Kernels", ["LuffyKernels", "LuffyTensor", "CLuffySIMD"]),
    tests("Files", "JSON", ["LuffyJSON"]),
    tests("Rules", "Tokenizer", ["LuffyTokenizer", "LuffyJSON"]),
    tests("Rules", "Verifier", ["LuffyVerifier", "LuffyJSON"]),
    tests("Engine", "Tensor", ["LuffyTensor"]),
    tests("Rules", "Objective", ["LuffyObjective", "LuffyRollout", "LuffyJSON"]),
    tests(
      "Engine", "Model",
      ["LuffyModel", "LuffyTensor", "LuffyKernels", "LuffyCheckpoint", "LuffyJSON"]),
    tests("Engine", "Optimizer", ["LuffyOptimizer", "LuffyTensor"]),
    tests("Files", "Checkpoint", ["LuffyCheckpoint", "LuffyModel", "LuffyTensor", "LuffyJSON"]),
    tests(
      "Training", "Sampler",
      ["LuffySampler", "LuffyModel", "LuffyRollout", "LuffyTensor", "LuffyKernels", "LuffyJSON"]),
    tests("Rules", "Options", ["LuffyOptions"]),
    tests("Files", "Records", ["LuffyRecords"]),
    tests(
      "Training", "Run", ["LuffyRun", "LuffyOptions", "LuffyRollout", "LuffyVerifier"]),
    tests(
      "Training", "Evaluation",
      ["LuffyEvaluation", "LuffyTrainer", "LuffyVerifier", "LuffyRollout", "LuffyJSON"]),
    tests(
      "Training", "Trainer",
      [
        "LuffyTrainer", "LuffySampler", "LuffyModel", "LuffyOptimizer", "LuffyCheckpoint",
        "LuffyObjective", "LuffyRollout", "LuffyVerifier", "LuffyTokenizer", "LuffyTensor",
        "LuffyKernels", "LuffyJSON",
      ]),
  ] + instructionSets,
  // In which std::string is compiled into the library: Sources/C/CLuffyReserve.
  cxxLanguageStandard: .cxx20
)
