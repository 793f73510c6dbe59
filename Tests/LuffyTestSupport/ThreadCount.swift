import Foundation

/// The number of threads belongs to the process: a test that sets it, or that counts memory by it, holds it. Not one
/// that awaits: those that wait may have all of the pool that it needs to go on.
public enum ThreadCount {
  private static let lock = NSLock()

  public static func hold() { lock.lock() }
  public static func release() { lock.unlock() }
}
