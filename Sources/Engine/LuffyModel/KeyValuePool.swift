package import LuffyTensor

/// Blocks of 32 positions over all layers, taken and given back; several sequences may share one.
package final class KeyValuePool {
  package typealias Block = UnsafeMutablePointer<Float>

  /// Floats of one block: every layer's keys and values of 32 positions.
  package let blockFloats: Int
  /// That are held at once at most.
  package let maximumBlocks: Int
  /// That somebody owns.
  package var usedBlocks: Int { owners.count }
  private let arena: Arena
  private var slabs: [Buffer<Float>.Owner] = []
  private var free: [Block] = []
  private var owners: [Block: Int] = [:]
  private var madeBlocks = 0
  private static let blocksPerSlab = 16

  package init(_ model: Model, maximumBytes: Int) {
    arena = model.arena
    blockFloats =
      KeyValueBlockShape(model.configuration, model.precision).layerFloats
      * model.configuration.layers
    maximumBlocks = max(1, maximumBytes / (4 * blockFloats))
  }

  /// A block with one owner, whatever it holds.
  package func take() throws(OutOfMemory) -> Block {
    if free.isEmpty { try grow() }
    let block = free.removeLast()
    owners[block] = 1
    return block
  }

  /// A block with another's contents and one owner.
  package func copy(_ block: Block) throws(OutOfMemory) -> Block {
    let made = try take()
    made.update(from: block, count: blockFloats)
    return made
  }

  package func retain(_ block: Block) { owners[block, default: 0] += 1 }

  package func release(_ block: Block) {
    let left = owners[block, default: 1] - 1
    owners[block] = left == 0 ? nil : left
    if left == 0 { free.append(block) }
  }

  private func grow() throws(OutOfMemory) {
    let count = min(Self.blocksPerSlab, maximumBlocks - madeBlocks)
    if count < 1 { throw OutOfMemory(bytes: 4 * blockFloats * (madeBlocks + 1)) }
    let slab = try Buffer<Float>.Owner(blockFloats * count, in: arena)
    slabs.append(slab)
    madeBlocks += count
    for index in (0..<count).reversed() {
      free.append(slab.buffer.pointer + index * blockFloats)
    }
  }
}
