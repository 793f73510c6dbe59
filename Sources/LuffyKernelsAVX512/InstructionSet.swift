import CLuffySIMD

let isa = Int32(LUFFY_ISA_AVX512)

/// 28 accumulators, two columns of b and one broadcast fill 31 of 32 registers.
typealias FullTile = FourteenRows

/// The tile of a given height, 1…14.
@inline(__always) func tileOfHeight(
  _ height: Int, _ a: UnsafePointer<Float>, _ k: Int, _ panel: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ ldc: Int, _ bias: (Lanes, Lanes), _ mode: Int32
) {
  switch height {
  case 1: product(OneRow.self, a, k, panel, c, ldc, bias, mode)
  case 2: product(TwoRows.self, a, k, panel, c, ldc, bias, mode)
  case 3: product(ThreeRows.self, a, k, panel, c, ldc, bias, mode)
  case 4: product(FourRows.self, a, k, panel, c, ldc, bias, mode)
  case 5: product(FiveRows.self, a, k, panel, c, ldc, bias, mode)
  case 6: product(SixRows.self, a, k, panel, c, ldc, bias, mode)
  case 7: product(SevenRows.self, a, k, panel, c, ldc, bias, mode)
  case 8: product(EightRows.self, a, k, panel, c, ldc, bias, mode)
  case 9: product(NineRows.self, a, k, panel, c, ldc, bias, mode)
  case 10: product(TenRows.self, a, k, panel, c, ldc, bias, mode)
  case 11: product(ElevenRows.self, a, k, panel, c, ldc, bias, mode)
  case 12: product(TwelveRows.self, a, k, panel, c, ldc, bias, mode)
  case 13: product(ThirteenRows.self, a, k, panel, c, ldc, bias, mode)
  default: product(FullTile.self, a, k, panel, c, ldc, bias, mode)
  }
}
