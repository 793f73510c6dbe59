/// Reading a directory that a writer may replace at any moment.
package enum DirectoryReading {
  /// More switches during one reading than any writer makes.
  private static let tries = 1000

  /// Calls `body` with the directory's path until no switch came between the files that it opened: all are of one
  /// save. What is no directory is read once.
  package static func consistent<R, E: Error>(
    _ path: String, _ body: (String) throws(E) -> R
  ) throws(E) -> R {
    for _ in 1..<tries {
      let found = current(path)
      // Held open, so that no other directory gets its identity.
      guard let directory = OpenDirectory(FileSystem.join(found, ".")) else {
        if FileSystem.exists(found) || current(path) == found { return try body(found) }
        continue
      }
      guard let identity = directory.identity else { return try body(found) }
      let result: Result<R, E>
      do throws(E) { result = .success(try body(found)) } catch { result = .failure(error) }
      if identity == FileIdentity(found) { return try result.get() }
    }
    return try body(current(path))
  }

  /// The directory, or its other name between two renames of a writer.
  private static func current(_ path: String) -> String {
    if FileSystem.exists(path) { return path }
    guard let target = try? FileSystem.target(of: path) else { return path }
    let previous = DirectoryReplacement.previous(target)
    return !FileSystem.exists(target) && FileSystem.isDirectory(previous) ? previous : path
  }
}
