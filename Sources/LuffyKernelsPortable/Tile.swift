/// 16 accumulators of 4 lanes: what NEON holds with room to spare.
typealias FullTile = TwoRows

/// The tile of a given height, 1…2.
@inline(__always) func tileOfHeight<A: Arithmetic>(
  _: A.Type, _ height: Int, _ a: UnsafePointer<Float>, _ k: Int, _ panel: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ ldc: Int, _ bias: (Lanes, Lanes), _ mode: Int32
) {
  switch height {
  case 1: product(OneRow.self, A.self, a, k, panel, c, ldc, bias, mode)
  default: product(FullTile.self, A.self, a, k, panel, c, ldc, bias, mode)
  }
}
