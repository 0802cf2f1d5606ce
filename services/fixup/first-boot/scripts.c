/* Runs the scripts of the first start. */
#include "first-boot.h"
#include <stdio.h>
#include <wchar.h>

/* The first script of a folder by name, in any case of letters. */
static BOOL next_script(const wchar_t *folder, const wchar_t *place, wchar_t *name)
{
    wchar_t pattern[LONGEST_PATH];
    WIN32_FIND_DATAW found;
    swprintf(pattern, LONGEST_PATH, L"%ls\\%ls\\*", folder, place);
    name[0] = 0;
    HANDLE search = FindFirstFileW(pattern, &found);
    if (search == INVALID_HANDLE_VALUE)
        return FALSE;
    do {
        if (!(found.dwFileAttributes & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT)) && (!name[0] || _wcsicmp(found.cFileName, name) < 0))
            wcscpy(name, found.cFileName);
    } while (FindNextFileW(search, &found));
    FindClose(search);
    return name[0] != 0;
}

/* What a restart has interrupted: it has begun, and nothing runs twice. */
static void drop_interrupted(const wchar_t *folder)
{
    wchar_t path[LONGEST_PATH];
    WIN32_FIND_DATAW found;
    swprintf(path, LONGEST_PATH, L"%ls\\running\\*", folder);
    HANDLE search = FindFirstFileW(path, &found);
    if (search == INVALID_HANDLE_VALUE)
        return;
    do {
        if (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
            continue;
        log_line("%s was ended by a restart and is not run again", narrow(found.cFileName));
        swprintf(path, LONGEST_PATH, L"%ls\\running\\%ls", folder, found.cFileName);
        DeleteFileW(path);
    } while (FindNextFileW(search, &found));
    FindClose(search);
}

BOOL run_command(wchar_t *command, const wchar_t *folder, DWORD limit_seconds, HANDLE stop, DWORD *code)
{
    SECURITY_ATTRIBUTES inherited = { sizeof inherited, NULL, TRUE };
    HANDLE input = CreateFileW(L"NUL", GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, &inherited, OPEN_EXISTING, 0, NULL);
    STARTUPINFOW start = { .cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES, .hStdInput = input, .hStdOutput = log_handle(), .hStdError = log_handle() };
    PROCESS_INFORMATION process;
    HANDLE job = CreateJobObjectW(NULL, NULL);
    if (!CreateProcessW(NULL, command, NULL, NULL, TRUE, CREATE_SUSPENDED | CREATE_NO_WINDOW, NULL, folder, &start, &process)) {
        log_line("cannot be started: error %lu", GetLastError());
        if (job)
            CloseHandle(job);
        CloseHandle(input);
        return FALSE;
    }
    CloseHandle(input);
    BOOL in_job = job && AssignProcessToJobObject(job, process.hProcess);
    ResumeThread(process.hThread);
    HANDLE either[2] = { process.hProcess, stop };
    DWORD ended = WaitForMultipleObjects(stop ? 2 : 1, either, FALSE, limit_seconds * 1000);
    if (ended != WAIT_OBJECT_0) {
        log_line(ended == WAIT_TIMEOUT ? "has not ended after %lu seconds and is killed" : "is killed after less than %lu seconds, as the service is stopped", limit_seconds);
        if (in_job)
            TerminateJobObject(job, 1);
        else
            TerminateProcess(process.hProcess, 1);
        WaitForSingleObject(process.hProcess, 10000);
    } else {
        GetExitCodeProcess(process.hProcess, code);
    }
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    if (job)
        CloseHandle(job);
    return ended == WAIT_OBJECT_0;
}

static BOOL command_of(const wchar_t *path, wchar_t *command, size_t size)
{
    wchar_t system[MAX_PATH];
    const wchar_t *extension = wcsrchr(path, L'.');
    if (!extension || !GetSystemDirectoryW(system, MAX_PATH))
        return FALSE;
    if (!_wcsicmp(extension, L".cmd") || !_wcsicmp(extension, L".bat"))
        return swprintf(command, size, L"\"%ls\\cmd.exe\" /d /c \"\"%ls\"\"", system, path) > 0;
    if (!_wcsicmp(extension, L".ps1"))
        return swprintf(command, size, L"\"%ls\\WindowsPowerShell\\v1.0\\powershell.exe\" -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File \"%ls\"", system, path) > 0;
    return FALSE;
}

static BOOL move_script(const wchar_t *folder, const wchar_t *name, const wchar_t *from, const wchar_t *to)
{
    wchar_t old_path[LONGEST_PATH], new_path[LONGEST_PATH];
    swprintf(new_path, LONGEST_PATH, L"%ls\\%ls", folder, to);
    CreateDirectoryW(new_path, NULL);
    swprintf(old_path, LONGEST_PATH, L"%ls\\%ls\\%ls", folder, from, name);
    swprintf(new_path, LONGEST_PATH, L"%ls\\%ls\\%ls", folder, to, name);
    if (MoveFileExW(old_path, new_path, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
        return TRUE;
    log_line("%s cannot be moved: error %lu; nothing more is run", narrow(name), GetLastError());
    return FALSE;
}

/* Gives the script's exit code, 1 where it has none. One that fails does not keep the others from running. */
static DWORD run_script(const wchar_t *folder, const wchar_t *name, DWORD limit_seconds, HANDLE stop)
{
    wchar_t path[LONGEST_PATH], command[2 * LONGEST_PATH];
    DWORD code = 1;
    swprintf(path, LONGEST_PATH, L"%ls\\running\\%ls", folder, name);
    log_line("%s begins", narrow(name));
    if (!command_of(path, command, 2 * LONGEST_PATH))
        log_line("%s is neither .cmd, .bat nor .ps1 and is left out", narrow(name));
    else if (!run_command(command, folder, limit_seconds, stop, &code))
        code = 1;
    else
        log_line(code == 0 || code == EXIT_AGAIN || code == EXIT_RESTART_REQUIRED || code == EXIT_RESTART_BEGUN ? "%s has ended with code %lu" : "%s failed with code %lu", narrow(name), code);
    return code;
}

scripts_result run_scripts(const wchar_t *folder, DWORD limit_seconds, BOOL may_repeat, HANDLE stop)
{
    wchar_t name[MAX_PATH], path[LONGEST_PATH];
    drop_interrupted(folder);
    while (next_script(folder, L"again", name))
        if (!move_script(folder, name, L"again", L"scripts"))
            return SCRIPTS_LEFT;
    while (next_script(folder, L"scripts", name)) {
        /* Moved away before it starts, so that none runs twice, also when one restarts the machine. */
        if (WaitForSingleObject(stop, 0) == WAIT_OBJECT_0 || !move_script(folder, name, L"scripts", L"running"))
            return SCRIPTS_LEFT;
        DWORD code = run_script(folder, name, limit_seconds, stop);
        if (code == EXIT_AGAIN && may_repeat) {
            if (!move_script(folder, name, L"running", L"again"))
                return SCRIPTS_LEFT;
            continue;
        }
        swprintf(path, LONGEST_PATH, L"%ls\\running\\%ls", folder, name);
        DeleteFileW(path);
        if (code == EXIT_RESTART_REQUIRED || code == EXIT_RESTART_BEGUN)
            return SCRIPTS_WANT_RESTART;
    }
    return next_script(folder, L"again", name) ? SCRIPTS_LEFT : SCRIPTS_DONE;
}
