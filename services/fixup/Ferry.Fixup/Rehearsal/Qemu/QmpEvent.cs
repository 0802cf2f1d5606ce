using System.Text.Json;

namespace Ferry.Fixup.Rehearsal.Qemu;

/// <summary>Something that QEMU says by itself.</summary>
/// <param name="Name">Its name: <c>RESET</c>, <c>SHUTDOWN</c> and the like.</param>
/// <param name="Data">Its data; undefined when there is none.</param>
internal sealed record QmpEvent(string Name, JsonElement Data);
