using Ferry.Contracts.Library;

namespace Ferry.Cli.Library;

/// <summary>The verification of a machine, as <c>--json</c> shows it.</summary>
/// <param name="Name">The machine.</param>
/// <param name="Verification">Its verification.</param>
internal sealed record NamedVerification(string Name, LibraryVerificationView Verification);
