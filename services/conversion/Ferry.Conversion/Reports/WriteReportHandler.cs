using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ferry.Chunks.Manifests;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Conversions;
using Ferry.Conversion.Output;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Library;

namespace Ferry.Conversion.Reports;

/// <summary>Writes report.json and report.html beside the images, and the rehearsal's screen. A repeat writes them again.</summary>
public sealed class WriteReportHandler(ManifestStore manifests) : IJobHandler<WriteReport>
{
    /// <summary>Name of the report for programs.</summary>
    public const string JsonName = "report.json";

    /// <summary>Name of the report for people.</summary>
    public const string HtmlName = "report.html";

    private static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // A file, never embedded in HTML: names stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The report for programs.</summary>
    public static byte[] ToJson(ConversionReport report) => JsonSerializer.SerializeToUtf8Bytes(report, json);

    /// <inheritdoc/>
    public async Task<object> RunAsync(JobContext<WriteReport> job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var command = job.Command;
        if (LibraryName.IsReference(command.Output))
        {
            // What is in the library is complete, with its report, and is not changed any more.
            return new ReportWritten { ConversionId = job.ConversionId, Attempt = command.Attempt };
        }

        var screen = await RehearsalScreen.ReadAsync(command.Report.Rehearsal, manifests, cancellationToken);
        try
        {
            job.CheckLease();
            if (screen is not null)
            {
                Write(command.Output, RehearsalScreen.FileName, job.ConversionId, screen);
            }

            Write(command.Output, JsonName, job.ConversionId, ToJson(command.Report));
            Write(command.Output, HtmlName, job.ConversionId, Encoding.UTF8.GetBytes(HtmlReport.Render(command.Report, screen)));
            FolderSync.Sync(command.Output);
        }
        catch (Exception exception) when (ConversionFailures.Knows(exception))
        {
            throw ConversionFailures.From(exception, command.Output);
        }

        return new ReportWritten { ConversionId = job.ConversionId, Attempt = command.Attempt };
    }

    private static void Write(string output, string name, Guid conversionId, byte[] content)
    {
        // The name is the same in every attempt, so that a crash leaves nothing that the repeat does not take away.
        var temporary = Path.Combine(output, $".{name}-{conversionId:N}");
        FolderSync.WriteDurably(temporary, content);
        File.Move(temporary, Path.Combine(output, name), overwrite: true);
    }
}
