"""A complete miniature inputs folder: one region, two cities, six classes, ten sources.

The numbers are made up, round, and rated so; tests compute from them by hand.
"""

# ruff: noqa: E501

from __future__ import annotations

from pathlib import Path

REGION = "toy"

CLASSES = """\
class,name,name_zh,sector,group,manual_code,gnfr,nfr,scc,meic_sector,activity_unit,capacity_unit,divisible,part_year,new_build,service
power_unit,Power unit,火电,fossil_fuel,power,1.1,A_PublicPower,1.A.1.a,,power,MWh,MW,no,0.5,yes,power
boiler,Boiler,锅炉,fossil_fuel,heating,1.2,B_Industry,1.A.2,,industry,GJ,tph,no,0.4,yes,heat
residential_coal,Residential coal,民用散煤,fossil_fuel,residential,1.4,C_OtherStationaryComb,1.A.4.b,,residential,GJ,,yes,0.4,no,heat
cement_kiln,Cement kiln,水泥窑,process,industry,2.1,B_Industry,2.A.1,,industry,t,t/yr,no,0.5,yes,product
truck,Truck,货车,mobile,road,3.1,F_RoadTransport,1.A.3.b.iii,,transportation,km,,yes,0.5,no,transport
architectural_coating,Architectural coating,建筑涂料,solvent,solvent,4.1,E_Solvents,2.D.3.d,,industry,t,,yes,0.5,no,product
"""

CITATIONS = """\
citation,title,year,where,licence,access
MADE_UP,Numbers made up for tests,2020,this repository,Apache-2.0,own
MANUAL,A manual that was read,2014,a library,,seen
"""

FUELS = """\
fuel,name_zh,group,physical_unit,ncv_gj_per_unit,sulphur_pct,ash_pct,flue_gas_nm3_per_gj,co2_kg_per_gj,citation,rating,constructed
coal,煤,coal,t,20,1,20,250,95,MADE_UP,E,no
raw_coal,散煤,coal,t,20,1,20,250,95,MADE_UP,E,no
briquette,型煤,coal,t,24,0.4,25,250,95,MADE_UP,E,no
natural_gas,天然气,gas,m3,0.036,,,240,56,MADE_UP,E,no
diesel,柴油,oil,t,43,,,,74,MADE_UP,E,no
electricity,电,electricity,MWh,3.6,,,,,MADE_UP,E,no
network_heat,集中供热,heat,GJ,1,,,,,MADE_UP,E,no
none,无,none,t,0,,,,,MADE_UP,E,no
"""

TECHNOLOGIES = """\
class,fuel,technology,min_capacity,fuel_gj_per_activity,electricity_mwh_per_activity,flue_gas_nm3_per_activity,standard_vehicle,peak_hours,citation,rating,constructed
power_unit,coal,pc,,10,,,,,MADE_UP,E,no
power_unit,coal,pc,300,9,,,,,MADE_UP,E,no
boiler,coal,grate,,1.25,0.01,,,2500,MADE_UP,E,no
boiler,coal,cfb,,1.2,0.01,,,2500,MADE_UP,E,no
boiler,natural_gas,,,1.1,,,,2500,MADE_UP,E,no
boiler,electricity,,,1.02,,,,2500,MADE_UP,E,no
boiler,network_heat,,,1,,,,2500,MADE_UP,E,no
residential_coal,raw_coal,stove,,2,,,,2000,MADE_UP,E,no
residential_coal,briquette,,,1.8,,,,2000,MADE_UP,E,no
residential_coal,electricity,heat_pump,,0.4,,,,2000,MADE_UP,E,no
cement_kiln,coal,precalciner,,3.2,0.06,2200,,,MADE_UP,E,no
truck,diesel,,,0.012,,,,,MADE_UP,E,no
truck,diesel,China IV,,0.011,,,,,MADE_UP,E,no
truck,electricity,NEV,,0.004,,,2,,MADE_UP,E,no
"""

EMISSION_FACTORS = """\
class,fuel,technology,min_capacity,pollutant,per,scale_with,value,unit,low,high,citation,rating
power_unit,coal,,,SO2,fuel,sulphur,17,kg/t,15,19,MANUAL,C
power_unit,coal,,,NOx,fuel,,300,g/GJ,,,MANUAL,C
power_unit,coal,,,PM10,fuel,ash,5,kg/t,,,MANUAL,C
boiler,coal,,,SO2,fuel,sulphur,16,kg/t,14,18,MANUAL,B
boiler,coal,,,NOx,fuel,,3,kg/t,2,4,MANUAL,B
boiler,coal,,20,NOx,fuel,,4,kg/t,3,5,MANUAL,B
boiler,coal,,,PM10,fuel,ash,1,kg/t,,,MANUAL,C
boiler,natural_gas,,,NOx,fuel,,1.8,g/m3,,,MANUAL,B
boiler,natural_gas,,,SO2,fuel,,0.3,g/GJ,,,MANUAL,B
residential_coal,raw_coal,,,SO2,fuel,sulphur,18,kg/t,,,MADE_UP,E
residential_coal,raw_coal,,,NOx,fuel,,2,kg/t,,,MADE_UP,E
residential_coal,briquette,,,SO2,fuel,sulphur,12,kg/t,,,MADE_UP,E
residential_coal,briquette,,,NOx,fuel,,1,kg/t,,,MADE_UP,E
cement_kiln,coal,,,NOx,activity,,1.5,kg/t,1,2,MANUAL,C
cement_kiln,coal,,,SO2,activity,,0.3,kg/t,,,MADE_UP,E
truck,diesel,,,NOx,activity,,5,g/km,,,MADE_UP,E
truck,diesel,China III,,NOx,activity,,8,g/km,6,10,MANUAL,B
truck,diesel,China III,,VOCs,activity,,0.5,g/km,,,MANUAL,C
architectural_coating,,,,VOCs,activity,,100,kg/t,,,MADE_UP,E
architectural_coating,,solvent_based,,VOCs,activity,,400,kg/t,300,500,MANUAL,C
"""

FACTOR_CORRECTIONS = """\
class,fuel,technology,pollutant,attribute,at_least,multiply,citation,rating,constructed
truck,,,NOx,altitude_m,0,1,MADE_UP,E,no
truck,,,NOx,altitude_m,1500,1.2,MADE_UP,E,no
truck,,,NOx,load_pct,50,1.1,MADE_UP,E,no
"""

RESPONSES = """\
class,attribute,acts_on,intercept,slope,default,citation,rating,constructed
architectural_coating,green_share,VOCs,1,-0.5,0,MADE_UP,E,no
"""

CONTROLS = """\
control,name_zh,slot,class,min_capacity,pollutant,capture,removal,running_share,outlet_mg_m3,outlet_o2_pct,added_g_per_gj,added_g_per_activity,citation,rating,constructed
fgd_wet,湿法脱硫,SO2,,,SO2,1,0.9,0.95,,,,,MADE_UP,E,no
fgd_wet,湿法脱硫,SO2,,,PM10,1,0.5,0.95,,,,,MADE_UP,E,no
fgd_wet,湿法脱硫,SO2,,,CO2,,,,,,660,,MADE_UP,E,no
fgd_ule,超低脱硫,SO2,,,SO2,1,0.98,1,25,6,,,MADE_UP,E,no
sncr,选择性非催化还原,NOx,,,NOx,1,0.4,0.9,,,,,MADE_UP,E,no
sncr,选择性非催化还原,NOx,,,NH3,,,0.9,,,1,,MADE_UP,E,no
scr,选择性催化还原,NOx,,,NOx,1,0.8,0.9,,,,,MADE_UP,E,no
scr_ule,超低脱硝,NOx,,,NOx,1,0.85,1,45,6,,,MADE_UP,E,no
bag,布袋除尘,PM,,,PM10,1,0.99,1,,,,,MADE_UP,E,no
pm_ule,超低除尘,PM,,,PM10,1,0.999,1,5,6,,,MADE_UP,E,no
lnb,低氮燃烧,burner,,,NOx,1,0.5,1,,,,,MADE_UP,E,no
carbon,活性炭,VOC,,,VOCs,0.6,0.5,0.8,,,,,MADE_UP,E,no
"""

STANDARDS = """\
standard,class,fuel,technology,min_capacity,pollutant,limit_mg_m3,ref_o2_pct,needs_control,citation,rating,constructed
national_limits,boiler,coal,,,SO2,400,9,,MANUAL,A,no
national_limits,boiler,coal,,,NOx,400,9,,MANUAL,A,no
national_limits,boiler,coal,,,PM10,80,9,,MANUAL,A,no
special_limits,boiler,coal,,,SO2,200,9,,MANUAL,A,no
special_limits,boiler,coal,,,NOx,200,9,,MANUAL,A,no
special_limits,boiler,coal,,,PM10,30,9,,MANUAL,A,no
ultra_low,boiler,coal,,,SO2,35,9,,MANUAL,A,no
ultra_low,boiler,coal,,,NOx,50,9,,MANUAL,A,no
ultra_low,boiler,coal,,,PM10,10,9,,MANUAL,A,no
ultra_low,power_unit,coal,,,SO2,35,6,,MANUAL,A,no
ultra_low,power_unit,coal,,,NOx,50,6,,MANUAL,A,no
ultra_low,power_unit,coal,,,PM10,10,6,,MANUAL,A,no
low_nox_gas,boiler,natural_gas,,,NOx,80,3.5,,MANUAL,A,no
special_limits,architectural_coating,,,,VOCs,,,carbon,MANUAL,A,no
"""

MEASURES = """\
measure,name,name_zh,practice_no,slot,fits_class,fits_fuel,fits_technology,fits_control,fits_no_control,min_capacity,below_capacity,fits_where,sets_fuel,sets_technology,adds_controls,drops_controls,first_year,payer,action,citation,rating,constructed
boiler_close,Close,关停,9,fate,boiler,coal,,,,,10,,,closed,,yes,2018,enterprise,structural,MADE_UP,E,no
boiler_gas,Coal to gas,煤改气,12,fuel,boiler,coal,,,,,65,gas_access=trunk|lng,natural_gas,gas_boiler,,yes,2018,enterprise,structural,MADE_UP,E,no
boiler_fgd,Desulphurise,脱硫,15,SO2,boiler+power_unit,coal,,,fgd_wet+fgd_ule,10,,,,,fgd_wet,no,2018,enterprise,engineering,MADE_UP,E,no
boiler_sncr,SNCR,脱硝,17,NOx,boiler,coal,,,sncr+scr,10,,,,,sncr,no,2018,enterprise,engineering,MADE_UP,E,no
home_heat_pump,Coal to electricity,煤改电,27,fuel,residential_coal,raw_coal+briquette,,,,,,,electricity,heat_pump,,yes,2018,city,structural,MADE_UP,E,no
truck_scrap,Scrap trucks,淘汰货车,61,fate,truck,diesel,China III,,,,,,,scrapped,,yes,2018,city,structural,MADE_UP,E,no
coating_carbon,Carbon,活性炭,50,VOC,architectural_coating,,,,,,,,,,carbon,no,2018,enterprise,engineering,MADE_UP,E,no
"""

MEASURE_DATA = """\
measure,class,min_capacity,item,per,price_year,value,unit,low,high,citation,rating
boiler_close,,,capital,capacity,2017,10000,CNY/tph,,,MADE_UP,E
boiler_close,,,lifetime,none,2017,20,yr,,,MADE_UP,E
boiler_gas,,,capital,capacity,2017,300000,CNY/tph,200000,400000,MADE_UP,E
boiler_gas,,,lifetime,none,2017,20,yr,,,MADE_UP,E
boiler_fgd,boiler,,capital,capacity,2017,100000,CNY/tph,,,MADE_UP,E
boiler_fgd,power_unit,,capital,capacity,2017,200000,CNY/MW,,,MADE_UP,E
boiler_fgd,,,fixed_om,capital,2017,4,%/yr,,,MADE_UP,E
boiler_fgd,,,lifetime,none,2017,20,yr,,,MADE_UP,E
boiler_sncr,,,capital,capacity,2017,20000,CNY/tph,,,MADE_UP,E
boiler_sncr,,,variable_om,activity,2017,0.5,CNY/GJ,,,MADE_UP,E
boiler_sncr,,,lifetime,none,2017,15,yr,,,MADE_UP,E
home_heat_pump,,,capital,stock,2017,20000,CNY,,,MADE_UP,E
home_heat_pump,,,lifetime,none,2017,15,yr,,,MADE_UP,E
truck_scrap,,,capital,stock,2017,50000,CNY,,,MADE_UP,E
truck_scrap,,,lifetime,none,2017,10,yr,,,MADE_UP,E
coating_carbon,,,capital,activity,2017,2000,CNY/(t/yr),,,MADE_UP,E
coating_carbon,,,lifetime,none,2017,10,yr,,,MADE_UP,E
"""

PRICES = """\
item,region,year,price_year,value,unit,low,high,citation,rating
coal,,2017,2017,400,CNY/t,,,MADE_UP,E
raw_coal,,2017,2017,600,CNY/t,,,MADE_UP,E
briquette,,2017,2017,800,CNY/t,,,MADE_UP,E
natural_gas,,2017,2017,2.5,CNY/m3,2,3,MADE_UP,E
diesel,,2017,2017,6000,CNY/t,,,MADE_UP,E
electricity,,2017,2017,500,CNY/MWh,,,MADE_UP,E
network_heat,,2017,2017,30,CNY/GJ,,,MADE_UP,E
"""

DEFLATORS = """\
year,fixed_asset_index,gdp_deflator,citation,rating,constructed
2015,0.95,0.95,MADE_UP,E,no
2017,1,1,MADE_UP,E,no
"""

PROFILES = """\
profile,jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec,citation,rating,constructed
boiler,0.2,0.2,0.1,0.05,0,0,0,0,0,0.1,0.15,0.2,MADE_UP,E,no
"""

AREAS = """\
area,level,name,name_zh,parent,order,lat,lon,altitude_m,population,urban_population,january_c,heating_season_c,gas_access,citation,rating
150000,region,Toy,玩具区,,0,41,111,1000,1000000,600000,-12,-4,trunk,MADE_UP,E
150100,city,Alpha,甲市,150000,1,41,111,1000,600000,400000,-12,-4,trunk,MADE_UP,E
150102,county,Alpha Centre,甲中区,150100,2,41,111,1000,300000,300000,-12,-4,trunk,MADE_UP,E
150121,county,Alpha Hills,甲山县,150100,3,41.2,111.2,1600,300000,100000,-14,-6,none,MADE_UP,E
150200,city,Beta,乙市,150000,4,40,110,1000,400000,200000,-11,-4,lng,MADE_UP,E
"""

SOURCE_HEADER = (
    "source,year,class,name,area,zone,capacity,capacity_unit,stock,activity,activity_unit,fuel,technology,controls,"
    "sulphur_pct,ncv_gj_per_t,efficiency,duty,outside_account,load_pct,citation,rating,constructed\n"
)

BOILERS = (
    SOURCE_HEADER
    + """\
b1,2017,boiler,,150102,city_built_up,10,tph,,100000,GJ,coal,grate,bag,0.8,,0.8,heating,no,,MADE_UP,E,yes
b2,2017,boiler,,150102,city_built_up,20,tph,,2000,fuel_t,coal,grate,bag+fgd_wet,,25,0.8,heating,no,,MADE_UP,E,yes
b3,2017,boiler,,150121,park,28,MW,,400000,GJ,coal,cfb,bag+fgd_wet+sncr,,,,process,no,,MADE_UP,E,yes
b4,2017,boiler,,150200,city_built_up,6,tph,,30000,GJ,natural_gas,gas_boiler,,,,,heating,no,,MADE_UP,E,yes
"""
)

SOURCES = (
    SOURCE_HEADER
    + """\
p1,2017,power_unit,Alpha 1,150102,park,600,MW,,3000,GWh,coal,pc,pm_ule+fgd_ule+scr_ule,0.6,,0.4,,no,,MANUAL,B,no
k1,2017,cement_kiln,Beta kiln,150200,rural,1.6,Mt/yr,,1.2,Mt,coal,precalciner,sncr,,,,,no,,MANUAL,B,no
h1,2017,residential_coal,,150121,rural,,,1000,60000,GJ,raw_coal,stove,,,,,,no,,MADE_UP,E,yes
t1,2017,truck,,150121,rural,,,100,5000000,km,diesel,China III,,,,,,no,60,MADE_UP,E,yes
t2,2017,truck,,150200,rural,,,100,8000000,km,diesel,China IV,,,,,,yes,,MADE_UP,E,yes
c1,2017,architectural_coating,,150100,city_built_up,,,,500,t,none,solvent_based,carbon,,,,,no,,MADE_UP,E,yes
"""
)

GROWTH = """\
growth,class,fuel,technology,city,duty,year,factor,base_year,citation,rating,constructed
as_planned_2018,boiler,,,,,2018,1.02,2017,MADE_UP,E,no
as_planned_2018,boiler,,,150200,,2018,1.05,2017,MADE_UP,E,no
"""

CALIBRATION = """\
calibration,account,class,fuel,city,pollutant,factor,citation,rating,constructed
fitted,census_2017,boiler,,,SO2,1.1,MADE_UP,E,no
fitted,census_2017,boiler,coal,150100,SO2,1.5,MADE_UP,E,no
fitted,census_2017,truck,,,NOx,2,MADE_UP,E,no
"""

FILES = {
    "reference/citations.csv": CITATIONS,
    "reference/classes.csv": CLASSES,
    "reference/fuels.csv": FUELS,
    "reference/technologies.csv": TECHNOLOGIES,
    "reference/emission_factors.csv": EMISSION_FACTORS,
    "reference/factor_corrections.csv": FACTOR_CORRECTIONS,
    "reference/responses.csv": RESPONSES,
    "reference/controls.csv": CONTROLS,
    "reference/standards.csv": STANDARDS,
    "reference/measures.csv": MEASURES,
    "reference/measure_data.csv": MEASURE_DATA,
    "reference/practice.csv": "number,section,name,why\n1,boilers,Coal boiler to gas,\n",
    "reference/prices.csv": PRICES,
    "reference/deflators.csv": DEFLATORS,
    "reference/profiles.csv": PROFILES,
    f"{REGION}/areas.csv": AREAS,
    f"{REGION}/boilers.csv": BOILERS,
    f"{REGION}/sources.csv": SOURCES,
    f"{REGION}/growth.csv": GROWTH,
    f"{REGION}/calibration.csv": CALIBRATION,
}


def write_small_inputs(root: Path) -> Path:
    """Write the miniature inputs under `root` and return it; the region is `REGION`."""
    for file, text in FILES.items():
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


WHOLE_GROWTH = """\
growth,class,fuel,technology,city,duty,year,factor,base_year,citation,rating,constructed
as_planned_2018,boiler,,,,,2019,1.1,2017,MADE_UP,E,no
as_planned_2018,truck,,,,,2019,1.04,2017,MADE_UP,E,no
"""

NEW_BUILD = """\
class,duty,zone,label,share,capacity,fuel,technology,controls,citation,rating,constructed
boiler,heating,,large,1,40,coal,cfb,fgd_wet+sncr+bag,MADE_UP,E,no
boiler,process,,steam,1,20,coal,cfb,fgd_wet+sncr+bag,MADE_UP,E,no
"""

PROJECTS = """\
project,name,name_zh,supplies,serves,area,capacity,unit,peak,peak_unit,status,first_year,capital_cny,fixed_om_cny,lifetime,payer,citation,rating,constructed
GAS-150100-0,Old pipe,旧管线,natural_gas,150100,150100,1000000,m3/yr,,,existing,2010,,,,enterprise,MADE_UP,E,no
GAS-150100-1,New pipe,新管线,natural_gas,150100,150100,5000000,m3/yr,,,optional,2018,2000000,100000,20,enterprise,MADE_UP,E,no
GAS-150200-0,Old pipe,旧管线,natural_gas,150200,150200,3000000,m3/yr,,,existing,2010,,,,enterprise,MADE_UP,E,no
"""

BALANCE = """\
item,year,growth,value,unit,low,high,citation,rating
primary_energy,2017,,2.5,Mtce/yr,,,MADE_UP,E
primary_energy,2019,as_planned_2018,2.6,Mtce/yr,,,MADE_UP,E
"""

REGISTER = """\
clause,article,quote,summary,summary_zh,demanded,unit,by,strength
T-SO2,1,二氧化硫下降,SO2 down,二氧化硫下降,98,%,2019-12-31,binding
T-SMALL,2,淘汰小锅炉,Small boilers go,淘汰小锅炉,,,2019-12-31,hard
T-GREEN,3,绿色建筑,Green building,绿色建筑,50,%,2019-12-31,hard
T-TREES,4,植树,Trees,植树,,,,encourage
"""

SCENARIO = f"""\
title: {{en: Toy, zh: 玩具}}
region: {REGION}
register: toy_plan
calibration: fitted
start: 2017
years: [2018, 2019]
price_year: 2017
discount_rate: 5 %
growth: as_planned_2018
measures:
  boiler_gas: {{cost: 1.1}}
limits:
  T-SO2: {{quantity: SO2, progress: 10 %, at_most: {{2019: 80 % of 2015}}}}
  ENERGY: {{quantity: primary_energy, year: 2019, at_most: 2.7 Mtce}}
  GAS: {{quantity: natural_gas, each: city, year: all, at_most: supply}}
  RATE: {{quantity: units_completed, where: {{class: boiler, vintage: existing}}, year: all, at_most: 2}}
mandates:
  T-SMALL: {{where: {{class: boiler, capacity_tph: {{at_most: 10}}, fuel: coal}}, not_in: {{fuel: coal}}, by: 2019-12-31}}
changes:
  T-GREEN: {{where: {{class: architectural_coating}}, set: {{green_share: 50 %}}, by: 2019}}
not_modelled:
  T-TREES: trees are no source
solver: {{gap: 1e-6}}
"""
"""What the whole of the miniature region can be asked: limits, a supply, a mandate, a change, growth."""

WHOLE_FILES = {
    f"{REGION}/growth.csv": WHOLE_GROWTH,
    f"{REGION}/new_build.csv": NEW_BUILD,
    f"{REGION}/projects.csv": PROJECTS,
    f"{REGION}/balance.csv": BALANCE,
    "plans/toy_plan.csv": REGISTER,
}


def write_small_run(folder: Path) -> tuple[Path, Path]:
    """Inputs and scenario of a whole run under `folder`: (inputs folder, toy.yaml)."""
    inputs = write_small_inputs(folder / "inputs")
    for file, text in WHOLE_FILES.items():
        (inputs / file).parent.mkdir(exist_ok=True)
        (inputs / file).write_text(text, encoding="utf-8")
    scenario = folder / "toy.yaml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    return inputs, scenario


def edit(root: Path, file: str, old: str, new: str) -> None:
    """Replace `old`, which must be there, once in a file of the inputs."""
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
