package import CLuffySIMD
import LuffyKernelsPortable

#if arch(x86_64)
  import LuffyKernelsAVX2
#endif
#if canImport(LuffyKernelsAVX512)  // not in builds for sanitizers, see Package.swift
  import LuffyKernelsAVX512
  import LuffyKernelsAVX512BF16
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The loops chosen once, at first use: the widest set that the processor and the system allow.
///
/// `LUFFY_ISA` (`portable`, `avx2`, `avx512`, `avx512bf16`) asks for a narrower one; a wider one than the machine has is not given.
package enum Kernels {
  package static let table: luffy_kernels = kernels(for: chosen)

  /// The name of the set in use, as in `luffy_build_info()`.
  package static let instructionSet: String = name(of: Int(table.isa))

  /// The sets that this machine can run, narrowest first.
  package static var available: [luffy_kernels] {
    (0...Int(luffy_detect_isa())).map { kernels(for: $0) }
  }

  package static func name(of isa: Int) -> String {
    ["portable", "avx2", "avx512", "avx512bf16"][max(0, min(isa, 3))]
  }

  private static let chosen: Int = {
    let widest = Int(luffy_detect_isa())
    guard let text = getenv("LUFFY_ISA") else { return widest }
    let wanted = String(cString: text)
    return (0...widest).first { name(of: $0) == wanted } ?? widest
  }()

  private static func kernels(for isa: Int) -> luffy_kernels {
    #if canImport(LuffyKernelsAVX512)
      if isa >= Int(LUFFY_ISA_AVX512BF16) { return LuffyKernelsAVX512BF16.makeKernels() }
      if isa == Int(LUFFY_ISA_AVX512) { return LuffyKernelsAVX512.makeKernels() }
    #endif
    #if arch(x86_64)
      if isa >= Int(LUFFY_ISA_AVX2) { return LuffyKernelsAVX2.makeKernels() }
    #endif
    return LuffyKernelsPortable.makeKernels()
  }
}
