/// 8 accumulators of 4 lanes, four of b and one broadcast fill 13 of the 16 registers of SSE.
typealias FullTile = TwoRows<HalfPanel>

/// The tile of a given height, 1…2.
@inline(always) func tileOfHeight<A: Arithmetic>(
  _: A.Type, _ height: Int, _ a: UnsafePointer<Float>, _ k: Int, _ panel: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ ldc: Int, _ bias: UnsafePointer<Float>, _ mode: Int32,
  _ ahead: inout Ahead
) {
  switch height {
  case 1: product(OneRow<HalfPanel>.self, A.self, a, k, panel, c, ldc, bias, mode, &ahead)
  default: product(FullTile.self, A.self, a, k, panel, c, ldc, bias, mode, &ahead)
  }
}
