"""Runs the Python of docs/export/examples.md, an example in a process and directory of its own,
and has `perfbench check` hold each model to the scores that Python gave the rows."""
import glob
import re
import subprocess
import sys
import tempfile

text = open("docs/export/examples.md", encoding="utf-8").read()
examples = re.findall(r"^## (.*?)\n.*?^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
if len(examples) < 4:
    sys.exit(f"only {len(examples)} examples")
for title, code in examples:
    directory = tempfile.mkdtemp()
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], cwd=directory, check=True)
    model = glob.glob(directory + "/model.*")[0]
    done = subprocess.run(["perfbench", "check", model, "--features", "features.json", "--rows", "raw.csv", "--scores", "python.csv"], cwd=directory, capture_output=True, text=True)
    print(f"{title}: {done.stdout.strip()}{done.stderr.strip()}")
    if done.returncode != 0 or not done.stdout.startswith("Equal: 300 rows"):
        sys.exit(f"{title}: status {done.returncode} in {directory}")
