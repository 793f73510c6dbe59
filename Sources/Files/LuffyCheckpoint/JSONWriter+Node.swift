import LuffyJSON

extension JSONWriter {
  /// Writes a copy of a value, nested at most `depth` deep; false where it is deeper (null stands
  /// there).
  package func write(copying node: JSONNode, depth: Int = 64) -> Bool {
    guard depth > 0 else {
      null()
      return false
    }
    var whole = true
    switch node.kind {
    case .null: null()
    case .bool: write(node.bool ?? false)
    case .string: write(node.string ?? "")
    case .number:
      // 10000.0 must stay a float: readers in typed languages tell it from 10000.
      if node.uint64 != nil || (node.double ?? 0) < 0, let int = node.int {
        write(int)
      } else {
        write(node.double ?? 0)
      }
    case .array:
      array {
        for element in node.elements where !write(copying: element, depth: depth - 1) {
          whole = false
        }
      }
    case .object:
      object {
        for member in node.members {
          key(member.key)
          if !write(copying: member.value, depth: depth - 1) { whole = false }
        }
      }
    }
    return whole
  }
}
