using System.ComponentModel.DataAnnotations;

namespace Ferry.Gateway.Authentication;

/// <summary>The API keys that are accepted. Only their SHA-256 stands in the configuration, so that a leaked configuration opens nothing.</summary>
public sealed class ApiKeyOptions : IValidatableObject
{
    /// <summary>Section of the configuration.</summary>
    public const string SectionName = "Ferry:ApiKeys";

    /// <summary>Name of a client (it stands in logs) to the SHA-256 of its key, 64 hexadecimal digits.</summary>
    public Dictionary<string, string> Sha256 { get; init; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Sha256.Count == 0)
        {
            yield return new ValidationResult(
                $"No API key is configured: set {SectionName}:Sha256:NAME to the SHA-256 of a key (printf %s KEY | sha256sum).");
        }

        foreach (var (name, digest) in Sha256)
        {
            if (digest.Length != 64 || !digest.All(char.IsAsciiHexDigit))
            {
                yield return new ValidationResult($"{SectionName}:Sha256:{name} is not a SHA-256 of 64 hexadecimal digits.");
            }
        }
    }
}
