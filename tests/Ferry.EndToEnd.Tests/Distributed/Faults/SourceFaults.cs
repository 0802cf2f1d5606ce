using Microsoft.AspNetCore.Http;

namespace Ferry.EndToEnd.Tests.Distributed.Faults;

/// <summary>Answers of a web server that are not what was asked for. Each has the proper headers, unless it says otherwise.</summary>
internal static class SourceFaults
{
    /// <summary>503, with nothing that says when to come again.</summary>
    public static Task UnavailableAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }

    /// <summary>One bit is wrong.</summary>
    public static async Task CorruptAsync(HttpContext context, Func<Task> proper)
    {
        var (body, bytes) = await ProperAsync(context, proper);
        bytes[bytes.Length / 2] ^= 1;
        await body.WriteAsync(bytes, context.RequestAborted);
    }

    /// <summary>Half of it comes, then the connection is reset.</summary>
    public static async Task ResetAsync(HttpContext context, Func<Task> proper)
    {
        var (body, bytes) = await ProperAsync(context, proper);
        await body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), context.RequestAborted);
        await body.FlushAsync(context.RequestAborted);
        context.Abort();
    }

    /// <summary>Half of it comes, then nothing for four seconds, then the connection is reset.</summary>
    public static async Task HangAsync(HttpContext context, Func<Task> proper)
    {
        var (body, bytes) = await ProperAsync(context, proper);
        await body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), context.RequestAborted);
        await body.FlushAsync(context.RequestAborted);
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(4), context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The client has given up.
        }

        context.Abort();
    }

    /// <summary>A complete answer by its length, which has half of the bytes.</summary>
    public static async Task TruncateAsync(HttpContext context, Func<Task> proper)
    {
        var (body, bytes) = await ProperAsync(context, proper);
        context.Response.ContentLength = bytes.Length / 2;
        await body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), context.RequestAborted);
    }

    private static async Task<(Stream Body, byte[] Bytes)> ProperAsync(HttpContext context, Func<Task> proper)
    {
        var body = context.Response.Body;
        using var kept = new MemoryStream();
        context.Response.Body = kept;
        try
        {
            await proper();
        }
        finally
        {
            context.Response.Body = body;
        }

        return (body, kept.ToArray());
    }
}
