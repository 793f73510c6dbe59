/// A key with its value, inside an object.
extension JSONWriter {
  package func member(_ name: String, _ value: Int) {
    key(name)
    write(value)
  }

  package func member(_ name: String, _ value: Bool) {
    key(name)
    write(value)
  }

  package func member(_ name: String, _ value: Double) {
    key(name)
    write(value)
  }

  package func member(_ name: String, _ value: String) {
    key(name)
    write(value)
  }

  package func nullMember(_ name: String) {
    key(name)
    null()
  }
}
