/// 28 accumulators, two columns of b and one broadcast fill 31 of 32 registers.
typealias FullTile = FourteenRows<WholePanel>

/// The tile of a given height, 1…14.
@inline(always) func tileOfHeight<A: Arithmetic>(
  _: A.Type, _ height: Int, _ a: UnsafePointer<Float>, _ k: Int, _ panel: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ ldc: Int, _ bias: UnsafePointer<Float>, _ mode: Int32,
  _ ahead: inout Ahead
) {
  switch height {
  case 1: product(OneRow<WholePanel>.self, A.self, a, k, panel, c, ldc, bias, mode, &ahead)
  case 2: product(TwoRows<WholePanel>.self, A.self, a, k, panel, c, ldc, bias, mode, &ahead)
  case 3: product(ThreeRows<WholePanel>.self, A.self, a, k, panel, c, ldc, bias, mode, &ahead)
  case 4: product(FourRows<WholePanel>.self, A.self, a, k, panel, c, ldc, bias, mode, &ahead)
  case 5: product(FiveRows<WholePanel>.self, A.self, a, k, panel, c, ldc, bias, mode, &ahead)
  case 6: product(SixRows<WholePanel>.self, A.self, a, k, panel, c, ldc, bias, mode, &ahead)
  case 7: product(SevenRows<WholePanel>.self, A.self, a, k, panel, c, ldc, bias, mode, &ahead)
  case 8: product(EightRows<WholePanel>.self, A.self, a, k, panel, c, ldc, bias, mode, &ahead)
  case 9: product(NineRows<WholePanel>.self, A.self, a, k, panel, c, ldc, bias, mode, &ahead)
  case 10: product(TenRows<WholePanel>.self, A.self, a, k, panel, c, ldc, bias, mode, &ahead)
  case 11: product(ElevenRows<WholePanel>.self, A.self, a, k, panel, c, ldc, bias, mode, &ahead)
  case 12: product(TwelveRows<WholePanel>.self, A.self, a, k, panel, c, ldc, bias, mode, &ahead)
  case 13: product(ThirteenRows<WholePanel>.self, A.self, a, k, panel, c, ldc, bias, mode, &ahead)
  default: product(FullTile.self, A.self, a, k, panel, c, ldc, bias, mode, &ahead)
  }
}
