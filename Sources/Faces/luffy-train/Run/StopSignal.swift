import Foundation
import Synchronization

/// SIGINT, SIGTERM and SIGHUP (a closed terminal) as a wish to stop after the last complete step. A second one ends the process at once.
enum StopSignal {
  private static let received = Atomic<Int32>(0)

  /// From now on the first signal is only remembered.
  static func install() {
    _ = received.load(ordering: .relaxed)  // made before a handler needs it
    for number in [SIGINT, SIGTERM, SIGHUP] where !(number == SIGHUP && isIgnored(number)) {
      signal(number) { number in
        StopSignal.received.store(number, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
  }

  /// True for SIGHUP under `nohup`, which means to go on.
  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  static var isReceived: Bool { received.load(ordering: .relaxed) != 0 }

  /// What a shell reports for a process that the signal ended: 130, 143, 129.
  static var exitCode: Int32 { 128 + received.load(ordering: .relaxed) }
}

/// A line to the standard error stream.
func report(_ text: String) {
  FileHandle.standardError.write(Data("\(text)\n".utf8))
}
