using Ferry.Hosting.Tests.Support;

namespace Ferry.Hosting.Tests.Live;

/// <summary>On the in-memory bus and SQLite.</summary>
public sealed class MemoryLiveManifestsTests() : LiveManifestsTests(new Transport());
