/// 12 accumulators of 8 lanes, two of b and one broadcast fill 15 of 16 registers.
typealias FullTile = SixRows<HalfPanel>

/// The tile of a given height, 1…6: low ones take the whole panel, for enough chains to hide the latency of an FMA.
@inline(always) func tileOfHeight<A: Arithmetic>(
  _: A.Type, _ height: Int, _ a: UnsafePointer<Float>, _ k: Int, _ panel: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ ldc: Int, _ bias: UnsafePointer<Float>, _ mode: Int32,
  _ ahead: inout Ahead
) {
  switch height {
  case 1: product(OneRow<WholePanel>.self, A.self, a, k, panel, c, ldc, bias, mode, &ahead)
  case 2: product(TwoRows<WholePanel>.self, A.self, a, k, panel, c, ldc, bias, mode, &ahead)
  case 3: product(ThreeRows<WholePanel>.self, A.self, a, k, panel, c, ldc, bias, mode, &ahead)
  case 4: product(FourRows<HalfPanel>.self, A.self, a, k, panel, c, ldc, bias, mode, &ahead)
  case 5: product(FiveRows<HalfPanel>.self, A.self, a, k, panel, c, ldc, bias, mode, &ahead)
  default: product(FullTile.self, A.self, a, k, panel, c, ldc, bias, mode, &ahead)
  }
}
