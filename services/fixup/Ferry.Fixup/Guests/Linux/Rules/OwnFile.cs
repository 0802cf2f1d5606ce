using System.Text;
using Ferry.Contracts.Conversions;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>Files that only the fix-up writes: made, brought up to date, or left when they are as they should be.</summary>
internal static class OwnFile
{
    /// <summary><c>rw-r--r--</c>.</summary>
    public const int Readable = 0x1A4;

    /// <summary><c>rwxr-xr-x</c>.</summary>
    public const int Executable = 0x1ED;

    /// <summary><c>rwx------</c>.</summary>
    public const int Private = 0x1C0;

    /// <summary>The edit, or null when the file holds the content already.</summary>
    public static Task<GuestEdit?> PlanAsync(RuleContext context, string rule, string path, string content, int mode, string summary, CancellationToken cancellationToken) =>
        PlanAsync(context, rule, path, Encoding.UTF8.GetBytes(content), mode, summary, cancellationToken);

    /// <summary>The edit, or null when the file holds the content already.</summary>
    public static async Task<GuestEdit?> PlanAsync(RuleContext context, string rule, string path, ReadOnlyMemory<byte> content, int mode, string summary, CancellationToken cancellationToken)
    {
        var real = await context.Tree.ResolveAsync(path, followLast: true, cancellationToken);
        if (real is not null && (await context.Tree.Volume.StatAsync(real, cancellationToken))!.Value.Size == content.Length
            && (await context.Tree.ReadAsync(real, content.Length, cancellationToken)).AsSpan().SequenceEqual(content.Span))
        {
            return null;
        }

        return new GuestEdit
        {
            Path = real ?? path,
            Content = content,
            NewFileMode = real is null ? mode : null,
            Changes = [new GuestChange { Rule = rule, Path = path, Summary = summary }],
        };
    }

    /// <summary>A link where nothing is, or null when something is there.</summary>
    public static async Task<GuestEdit?> LinkAsync(RuleContext context, string rule, string path, string target, string summary, CancellationToken cancellationToken) =>
        await context.Tree.ResolveAsync(path, followLast: false, cancellationToken) is not null
            ? null
            : new GuestEdit { Action = GuestEditAction.Link, Path = path, LinkTarget = target, Changes = [new GuestChange { Rule = rule, Path = path, Summary = summary }] };
}
