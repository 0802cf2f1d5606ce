using System.CommandLine;
using Ferry.Contracts.Conversions;
using Ferry.Conversion.Targets;
using Ferry.Hosting.Library;
using Ferry.Orchestrator.Conversions;

namespace Ferry.Cli.Commands;

/// <summary>Arguments and options that several commands have.</summary>
internal static class Arguments
{
    /// <summary>The environment variable that names the library's folder.</summary>
    public const string LibraryVariable = "Ferry__Library__Folder";

    public static Argument<string> Source()
    {
        var source = new Argument<string>("SOURCE") { Description = "A .vmx, .ovf, .ova or disk image: a path or an http(s) URL; or library:NAME." };
        source.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            {
                result.AddError("SOURCE is empty.");
            }
        });
        return source;
    }

    public static Option<string> To() => new("--to", "-t") { Description = "Target platform: hyperv, kvm, azure or raw.", Required = true };

    public static Option<string?> InputFormat() =>
        new("--input-format", "-f") { Description = "Format of a bare disk image; raw has to be said, all others are found by content." };

    public static Option<int?> Generation() => new("--generation") { Description = "Hyper-V generation 1 or 2 (default: follows the firmware)." };

    /// <summary>Scripts of this machine that the guest runs at its first start.</summary>
    public static Option<string[]?> FirstBoot()
    {
        var option = new Option<string[]?>("--first-boot") { Description = "Script that the guest runs once at its first start on the target; again for more, in this order." };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !File.Exists(token.Value)))
            {
                result.AddError($"--first-boot: there is no file {token.Value}.");
            }
        });
        return option;
    }

    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document on standard output." };

    /// <summary>An option that names a folder.</summary>
    public static Option<string> Folder(string name, params string[] aliases)
    {
        var option = new Option<string>(name, aliases);
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            {
                result.AddError($"{name} names no folder.");
            }
        });
        return option;
    }

    /// <summary>The library's folder, for commands that work in this process.</summary>
    public static Option<string?> Library()
    {
        var option = new Option<string?>("--library") { Description = $"Folder of the library that library:NAME means (default: {LibraryVariable} of the environment)." };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            {
                result.AddError("--library names no folder.");
            }
        });
        return option;
    }

    /// <summary>The full path of the library that the option, or else the environment, names; null when neither does.</summary>
    public static string? LibraryFolder(string? option) =>
        (option ?? Environment.GetEnvironmentVariable(LibraryVariable)) is { } folder && !string.IsNullOrWhiteSpace(folder) ? Path.GetFullPath(folder) : null;

    /// <summary>The settings of <see cref="Library"/>.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> LibrarySettings(string? option) =>
        LibraryFolder(option) is { } folder ? [new($"{LibraryOptions.SectionName}:{nameof(LibraryOptions.Folder)}", folder)] : [];

    /// <summary>A path as a full path; a URL, and <c>library:NAME</c>, as it is.</summary>
    public static string FullSource(string source) =>
        LibraryName.IsReference(source)
        || source.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || source.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            ? source
            : Path.GetFullPath(source);

    /// <summary>Ends with the error of the target, or with every other error that a request has.</summary>
    public static void ThrowIfInvalid(ConversionRequest request)
    {
        try
        {
            _ = TargetSelector.SelectFormat(TargetSelector.Select(request.Target), request.Format);
        }
        catch (TargetException exception)
        {
            throw new CliException(exception.Failure, exception);
        }

        var errors = ConversionRequestValidator.Validate(request);
        if (errors.Count > 0)
        {
            throw CliException.Usage(string.Join(" ", errors.Values.SelectMany(x => x)), "", "See ferry --help");
        }
    }
}
