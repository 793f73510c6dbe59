internal import CLuffySIMD

/// One factor or one panel at a time, on the calling thread: what whole products, and those of attention, are made of.
///
/// A packed factor or panel has `workingDepth(k)` words a row or column; a *stored* panel has `depth(k)`, which in bfloat16
/// is half of k on every machine.
extension MatrixProducts {
  /// Rows of x [rows, k].
  package func packFactor(
    _ x: UnsafePointer<Float>, _ stride: Int, rows: Int, k: Int,
    into a: UnsafeMutablePointer<Float>
  ) {
    pack(kernels.pack_pairs_a, kernels.pack_a, x, stride, rows, k, into: a, width: rows)
  }

  /// The same of the transpose: x is [k, rows].
  package func packTransposedFactor(
    _ x: UnsafePointer<Float>, _ stride: Int, rows: Int, k: Int,
    into a: UnsafeMutablePointer<Float>
  ) {
    pack(
      kernels.pack_pairs_a_transposed, kernels.pack_a_transposed, x, stride, rows, k, into: a,
      width: rows)
  }

  /// A panel of up to 32 columns from w [k, columns].
  package func packPanel(
    _ w: UnsafePointer<Float>, _ stride: Int, columns: Int, k: Int,
    into panel: UnsafeMutablePointer<Float>
  ) {
    pack(
      kernels.pack_pairs_panel, kernels.pack_panel, w, stride, columns, k, into: panel, width: 32)
  }

  /// The same from w [columns, k].
  package func packTransposedPanel(
    _ w: UnsafePointer<Float>, _ stride: Int, columns: Int, k: Int,
    into panel: UnsafeMutablePointer<Float>
  ) {
    pack(
      kernels.pack_pairs_panel_transposed, kernels.pack_panel_transposed, w, stride, columns, k,
      into: panel, width: 32)
  }

  /// By `pairs` where pairs are multiplied, else by `plain`, rounded where the precision is bfloat16.
  private func pack(
    _ pairs: luffy_pack?, _ plain: luffy_pack?, _ x: UnsafePointer<Float>, _ stride: Int,
    _ count: Int, _ k: Int, into target: UnsafeMutablePointer<Float>, width: Int
  ) {
    if inWords {
      pairs?(x, stride, count, k, target)
    } else {
      plain?(x, stride, count, k, target)
      if widens { kernels.round_bfloat16(target, width * k) }
    }
  }

  /// c [rows, columns] from a factor packed in tiles of `height` rows (nil: the tallest) and a packed panel.
  package func multiply(
    _ a: UnsafePointer<Float>, rows: Int, height: Int? = nil, k: Int,
    _ panel: UnsafePointer<Float>, into c: Rows, columns: Int, _ store: ProductStore = .set
  ) {
    let product = inWords ? kernels.gemm_pairs_panel : kernels.gemm_panel
    product?(
      a, rows, height ?? kernels.tile_rows, depth(k), panel, c.start, c.stride, columns, nil,
      store.rawValue, nil)
  }

  // MARK: Stored panels

  package func storePanel(
    _ w: UnsafePointer<Float>, _ stride: Int, columns: Int, k: Int,
    into panel: UnsafeMutablePointer<Float>
  ) {
    let pack = precision == .float32 ? kernels.pack_panel : kernels.pack_pairs_panel
    pack?(w, stride, columns, k, panel)
  }

  package func storeTransposedPanel(
    _ w: UnsafePointer<Float>, _ stride: Int, columns: Int, k: Int,
    into panel: UnsafeMutablePointer<Float>
  ) {
    let pack =
      precision == .float32 ? kernels.pack_panel_transposed : kernels.pack_pairs_panel_transposed
    pack?(w, stride, columns, k, panel)
  }

  /// Takes `depth(k)`: words, where pairs are multiplied, else k.
  var storedProduct: luffy_gemm_panel? {
    if precision == .float32 { return kernels.gemm_panel }
    return inWords ? kernels.gemm_pairs_panel : kernels.gemm_words_panel
  }

  package func multiplyStored(
    _ a: UnsafePointer<Float>, rows: Int, k: Int, _ panel: UnsafePointer<Float>, into c: Rows,
    columns: Int, _ store: ProductStore = .set
  ) {
    storedProduct?(
      a, rows, kernels.tile_rows, depth(k), panel, c.start, c.stride, columns, nil, store.rawValue,
      nil)
  }
}
