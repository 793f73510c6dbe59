/// Counter-based random numbers (Philox 4x32-10; Salmon et al., SC 2011): the same key and counter give the same
/// number, wherever and in whatever order it is asked for.
package struct Philox: Sendable {
  package let key: (UInt32, UInt32)

  package init(seed: UInt64) {
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
  }

  /// Four words of a 128-bit counter.
  package func words(_ c0: UInt32, _ c1: UInt32, _ c2: UInt32, _ c3: UInt32) -> SIMD4<UInt32> {
    var counter = SIMD4(c0, c1, c2, c3)
    var (k0, k1) = key
    for _ in 0..<10 {
      let a = UInt64(counter.x) * 0xD251_1F53
      let b = UInt64(counter.z) * 0xCD9E_8D57
      counter = SIMD4(
        UInt32(truncatingIfNeeded: b >> 32) ^ counter.y ^ k0, UInt32(truncatingIfNeeded: b),
        UInt32(truncatingIfNeeded: a >> 32) ^ counter.w ^ k1, UInt32(truncatingIfNeeded: a))
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return counter
  }

  /// Uniform in (0, 1), 53 bits.
  package func uniform(_ c0: UInt32, _ c1: UInt32, _ c2: UInt32, _ c3: UInt32) -> Double {
    let w = words(c0, c1, c2, c3)
    let bits = (UInt64(w.x) << 32 | UInt64(w.y)) >> 11
    return (Double(bits) + 0.5) * 0x1p-53
  }
}
