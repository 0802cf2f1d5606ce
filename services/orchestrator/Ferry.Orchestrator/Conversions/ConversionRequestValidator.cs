using System.Text.RegularExpressions;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Library;
using Ferry.Orchestrator.Conversions.Steps;

namespace Ferry.Orchestrator.Conversions;

/// <summary>Checks a request before it is accepted and reports everything that is wrong with it, not the first thing only.</summary>
public static partial class ConversionRequestValidator
{
    /// <summary>Targets that are built.</summary>
    public static readonly IReadOnlyList<string> BuiltTargets = [.. TargetFormats.All.Select(t => t.Target)];

    /// <summary>Targets of the command-line contract that are not built yet; they are refused by name.</summary>
    public static readonly IReadOnlyList<string> PlannedTargets = ["kubevirt", "openstack", "vmware"];

    /// <summary>Image formats that can be written.</summary>
    public static readonly IReadOnlyList<string> Formats = ["vhdx", "vhd", "vdi", "qcow2", "raw"];

    private const int MostScripts = 100;

    /// <summary>The errors by field (camel case); empty when the request is fine.</summary>
    public static IDictionary<string, string[]> Validate(ConversionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var errors = new Dictionary<string, string[]>();
        if (string.IsNullOrWhiteSpace(request.Source))
        {
            errors["source"] = ["Name a source: a .vmx, .ovf, .ova or a disk image, as a path or a URL, or library:NAME, or upload:ID."];
        }
        else if (UploadSource.IsReference(request.Source))
        {
            if (UploadSource.Of(request.Source) is null)
            {
                errors["source"] = ["Name the upload by the id of its transfer job: upload:ID."];
            }
        }
        else if (LibraryName.IsReference(request.Source))
        {
            if (LibraryName.Problem(LibraryName.Of(request.Source)) is { } problem)
            {
                errors["source"] = [$"The name in the library {problem}."];
            }
        }
        else if (Uri.TryCreate(request.Source, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0)
        {
            errors["source"] = ["A source URL must not hold credentials: they would stand in logs and messages."];
        }

        if (PlannedTargets.Contains(request.Target))
        {
            errors["target"] = [$"Target '{request.Target}' is not built yet; choose one of: {string.Join(", ", BuiltTargets)}."];
        }
        else if (!BuiltTargets.Contains(request.Target))
        {
            errors["target"] = [$"Unknown target '{request.Target}'; choose one of: {string.Join(", ", BuiltTargets)}."];
        }

        if (LibraryName.IsReference(request.Output))
        {
            if (LibraryName.Problem(LibraryName.Of(request.Output)) is { } problem)
            {
                errors["output"] = [$"The name in the library {problem}."];
            }
        }
        else if (string.IsNullOrWhiteSpace(request.Output) || !Path.IsPathFullyQualified(request.Output))
        {
            errors["output"] = ["Name the output folder by its full path, or a new machine of the library as library:NAME."];
        }

        if (request.Format is { } format && !Formats.Contains(format))
        {
            errors["format"] = [$"Unknown image format '{format}'; choose one of: {string.Join(", ", Formats)}."];
        }
        else if (request.Format is not null && BuiltTargets.Contains(request.Target) && !TargetFormats.Of(request.Target).Contains(request.Format))
        {
            errors["format"] = [$"The target {request.Target} takes no {request.Format} images; leave the format out or choose one of: {string.Join(", ", TargetFormats.Of(request.Target))}."];
        }

        if (request.Generation is { } generation && (generation is not (1 or 2) || request.Target != "hyperv"))
        {
            errors["generation"] = ["A generation is 1 or 2, and for target hyperv only."];
        }

        if (FirstBootProblem(request) is { } wrong)
        {
            errors["firstBoot"] = [wrong];
        }

        if (request.Rehearse is not (RehearseStep.None or RehearseStep.Report or RehearseStep.Require))
        {
            errors["rehearse"] = ["Rehearse is none, report or require."];
        }
        else if (request.Rehearse != RehearseStep.None && request.Target == "raw")
        {
            errors["rehearse"] = ["A bare image is for no platform, whose devices a rehearsal could have."];
        }

        if (request.RunFirstBoot && (!request.Fixup || request.Target == "raw"))
        {
            errors["runFirstBoot"] = ["Without the fix-up nothing waits for the first boot."];
        }

        return errors;
    }

    private static string? FirstBootProblem(ConversionRequest request)
    {
        if (request.FirstBoot is not { Count: > 0 } scripts)
        {
            return request.FirstBoot is null ? "Leave firstBoot out, or give a list." : null;
        }

        return !request.Fixup || request.Target == "raw" ? "Scripts for the first start need the fix-up, and a target other than raw."
            : scripts.Count > MostScripts ? $"At most {MostScripts} scripts run at the first start."
            : scripts.FirstOrDefault(script => !ScriptName().IsMatch(Path.GetFileName(script ?? ""))) is { } script
                ? $"The script's name '{Path.GetFileName(script)}' has other characters than letters, digits, '.', '_' and '-', or begins with none of the first two."
            : null;
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$", RegexOptions.CultureInvariant)]
    private static partial Regex ScriptName();
}
