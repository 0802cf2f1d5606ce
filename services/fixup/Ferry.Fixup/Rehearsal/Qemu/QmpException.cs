namespace Ferry.Fixup.Rehearsal.Qemu;

/// <summary>QEMU refused a command of its control protocol, ended, or answered nonsense.</summary>
internal sealed class QmpException(string message, Exception? inner = null) : Exception(message, inner);
