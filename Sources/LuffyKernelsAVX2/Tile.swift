/// 12 accumulators of 8 lanes leave four of 16 registers for b and the broadcast.
typealias FullTile = ThreeRows

/// The tile of a given height, 1…3.
@inline(__always) func tileOfHeight<A: Arithmetic>(
  _: A.Type, _ height: Int, _ a: UnsafePointer<Float>, _ k: Int, _ panel: UnsafePointer<Float>,
  _ c: UnsafeMutablePointer<Float>, _ ldc: Int, _ bias: (Lanes, Lanes), _ mode: Int32
) {
  switch height {
  case 1: product(OneRow.self, A.self, a, k, panel, c, ldc, bias, mode)
  case 2: product(TwoRows.self, A.self, a, k, panel, c, ldc, bias, mode)
  default: product(FullTile.self, A.self, a, k, panel, c, ldc, bias, mode)
  }
}
