namespace Ferry.Fixup.Tests.Job;

/// <summary>The fix-up's documents.</summary>
internal sealed class OneCollection : OneCollection<FixupCommit>;
