namespace Ferry.Hosting.Documents.Tests;

public enum ParcelState
{
    Queued,
    Running,
    Done,
}
