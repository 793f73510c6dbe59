internal import LuffyTensor

/// Key-value blocks of packed sequences for one layer at a time.
///
/// A sequence with a parent reads the parent's full blocks; the block in which it begins is its own.
final class TrainingBlocks {
  let segments: [Segment]
  private let pointers: UnsafeMutablePointer<UnsafeMutablePointer<Float>>

  init(
    _ sequences: [PackedSequence], _ shape: KeyValueBlockShape, _ scratch: Scratch<Float>
  ) throws(OutOfMemory) {
    let places = Self.places(sequences)
    let size = shape.layerFloats
    let total = places.last.map { $0.ownBlocks.upperBound } ?? 0
    let start = try scratch.take(total * size)
    let table = places.flatMap { place in
      Array(place.sharedBlocks) + Array(place.ownBlocks)
    }
    let pointers = UnsafeMutablePointer<UnsafeMutablePointer<Float>>.allocate(
      capacity: max(table.count, 1))
    for (index, block) in table.enumerated() {
      (pointers + index).initialize(to: start + block * size)
    }
    self.pointers = pointers
    var first = 0
    segments = places.map { place in
      defer { first += place.sharedBlocks.count + place.ownBlocks.count }
      return Segment(
        row: place.rows.lowerBound, count: place.rows.count, position: place.position,
        blocks: UnsafePointer(pointers + first), prefixRow: place.prefixRow)
    }
  }

  deinit { pointers.deallocate() }

  private struct Place {
    var rows: Range<Int>
    var position = 0
    var prefixRow: Int?
    var sharedBlocks = 0..<0
    var ownBlocks = 0..<0
  }

  private static func places(_ sequences: [PackedSequence]) -> [Place] {
    var places: [Place] = []
    var row = 0
    var block = 0
    for sequence in sequences {
      var place = Place(rows: row..<row + sequence.ids.count)
      if let parent = sequence.parent {
        let prefix = places[parent]
        place.position = prefix.rows.count
        place.prefixRow = prefix.rows.lowerBound
        let full = prefix.rows.count / KeyValueBlockShape.positions
        place.sharedBlocks = prefix.ownBlocks.lowerBound..<prefix.ownBlocks.lowerBound + full
      }
      let end = KeyValueBlockShape.count(positions: place.position + place.rows.count)
      place.ownBlocks = block..<block + end - place.sharedBlocks.count
      row = place.rows.upperBound
      block = place.ownBlocks.upperBound
      places.append(place)
    }
    return places
  }
}
