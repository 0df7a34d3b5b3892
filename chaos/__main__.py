"""`python -m chaos`: run the scenarios, judge them, and say in one JSON line what was lost or doubled."""
import sys, time, json, tempfile
from pathlib import Path
from chaos import plan
from chaos.ground import Ground, ROOT
from chaos.processes import kill_all
from tests.servers.processes import fresh_folder, KEEPER
folder = Path(tempfile.mkdtemp(prefix="chaos-", dir=ROOT/".cache"))
t=time.monotonic()
g=Ground(folder)
print("ground", time.monotonic()-t, folder)
try:
    for name in sys.argv[2:]:
        t=time.monotonic()
        last=[0]
        def tell(x):
            if time.monotonic()-last[0]>3: print("  ",x,flush=True); last[0]=time.monotonic()
        mod=__import__("importlib").import_module("chaos."+name.split(".")[0])
        out=getattr(mod,name.split(".")[1])(plan.Plan(g,folder,1,float(sys.argv[1]),tell))
        print(name, out.verdict.counts(), out.facts, round(time.monotonic()-t,1))
        for w in out.verdict.wrong[:12]: print("   !", w)
finally:
    kill_all(); g.stop()
