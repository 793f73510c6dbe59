internal import CLuffySIMD
internal import LuffyKernels

extension MatrixProducts {
  /// What comes into the cache while a product runs, beside the panels that it multiplies by.
  package struct ReadAhead {
    /// The next product's matrices, one after another in panels: the first of each thread.
    var panels: Panels?
    var spans: Spans?

    package init(panels: Panels? = nil, spans: Spans? = nil) {
      self.panels = panels
      self.spans = spans
    }

    package struct Panels {
      let packed: UnsafePointer<Float>
      let columns: Int
      let k: Int

      package init(packed: UnsafePointer<Float>, columns: Int, k: Int) {
        self.packed = packed
        self.columns = columns
        self.k = k
      }
    }

    /// Memory that each thread reads after some products: `floats` from each of its pointers + `offset`. A product brings
    /// the share of its columns.
    package struct Spans {
      let pointers: [UnsafePointer<Float>?]
      let bounds: [Int]
      let columns: Range<Int>
      let allColumns: Int
      let offset: Int
      let floats: Int

      /// - Parameters:
      ///   - bounds: Where each thread's pointers begin, and the end of the last.
      ///   - columns: Of this product, among all that share the work.
      package init(
        _ pointers: [UnsafePointer<Float>?], bounds: [Int], columns: Range<Int>,
        of allColumns: Int, offset: Int, floats: Int
      ) {
        self.pointers = pointers
        self.bounds = bounds
        self.columns = columns
        self.allColumns = allColumns
        self.offset = offset
        self.floats = floats
      }

      /// A thread's pointers for this product.
      func share(of part: Int) -> Range<Int> {
        guard part + 1 < bounds.count else { return 0..<0 }
        let start = bounds[part]
        let count = bounds[part + 1] - start
        return start + count * columns.lowerBound / allColumns..<start + count * columns.upperBound
          / allColumns
      }
    }
  }

  /// Calls `body` for each unit of a thread's range with what comes into the cache meanwhile: the panel of the unit after
  /// it (of the next product after the last), and an equal piece of the thread's spans.
  func readingAhead(
    _ units: Range<Int>, part: Int, _ ahead: ReadAhead, depth: Int,
    panel: (Int) -> UnsafePointer<Float>,
    _ body: (Int, UnsafePointer<luffy_read_ahead>) -> Void
  ) {
    let share = ahead.spans?.share(of: part) ?? 0..<0
    (ahead.spans?.pointers ?? []).withUnsafeBufferPointer { spans in
      for index in 0..<units.count {
        let begin = share.lowerBound + index * share.count / units.count
        let end = share.lowerBound + (index + 1) * share.count / units.count
        var piece = luffy_read_ahead(
          panel: nil, panel_floats: 0, spans: spans.baseAddress.map { $0 + begin },
          count: end - begin, offset: ahead.spans?.offset ?? 0, floats: ahead.spans?.floats ?? 0)
        if index + 1 < units.count {
          piece.panel = panel(units.lowerBound + index + 1)
          piece.panel_floats = 32 * depth
        } else if let panels = ahead.panels {
          piece.panel = firstPanel(panels, of: part)
          piece.panel_floats = 32 * Self.depth(panels.k, precision)
        }
        body(units.lowerBound + index, &piece)
      }
    }
  }

  private func firstPanel(_ panels: ReadAhead.Panels, of part: Int) -> UnsafePointer<Float> {
    let count = (panels.columns + 31) / 32
    let first = part * count / max(1, min(pool.threads, count))
    return panels.packed + panelOffset(column: 32 * min(first, count - 1), k: panels.k)
  }
}
