import Foundation
import LuffyJSON
import LuffyObjective
import LuffyRollout
import LuffyTestSupport
import Testing

extension JSONNode {
  /// The numbers of an array member; empty where it is null.
  func doubles(_ key: String) -> [Double] { self[key]?.elements.compactMap(\.double) ?? [] }
}

/// One line of a vector file: arrays are [rows × length], row-major, each row padded.
struct VectorLine {
  let node: JSONNode
  let options: JSONNode
  let length: Int
  let lengths: [Int]

  init?(_ node: JSONNode) {
    guard let options = node["options"], let length = node["length"]?.int else { return nil }
    (self.node, self.options, self.length) = (node, options, length)
    lengths = node.doubles("lengths").map { Int($0) }
  }

  /// The lines of a file that is known to hold `count`.
  static func all(in file: String, count: Int) throws -> [VectorLine] {
    let lines = try ReferenceData.lines(file).compactMap { VectorLine($0.root) }
    #expect(lines.count == count)
    return lines
  }

  /// An array's rows without their padding; empty rows where the line has null.
  func values(_ key: String) -> [[Double]] {
    let flat = node.doubles(key)
    return lengths.indices.map { row in
      flat.isEmpty ? [] : Array(flat[(row * length)..<(row * length + lengths[row])])
    }
  }
}

/// Equal within 1e-9 relative. The files hold 12 decimals, so 1e-12 absolute is their rounding.
func expectClose(
  _ value: Double, _ expected: Double, _ what: @autoclosure () -> String,
  relative: Double = 1e-9, absolute: Double = 1e-12,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let isClose = abs(value - expected) <= relative * abs(expected) + absolute
  if !isClose {
    Issue.record(
      "\(what()): \(value), expected \(expected)", sourceLocation: sourceLocation)
  }
}

func naturalLog(_ x: Double) -> Double { log(x) }
