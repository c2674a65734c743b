"""Word lists of the synthetic lead-scoring population.

Place, industry, language and skill names are common nouns of the trade; no
list holds a person or a company. The order inside a group is from the most to
the least frequent.
"""

# The first names of each sector are broad ones, as a profile states them; all
# of them are what a language model reads out of a profile. Sectors stand in the
# order of how readily their leads engage.
SECTORS = [
    ["Government Administration", "Public Safety", "International Affairs", "Military", "Law Enforcement", "Public Policy", "Utilities",
     "Tax Administration", "Urban Planning", "Customs and Border Services", "Water Supply", "Waste Management", "Civic Organizations", "Emergency Services", "Libraries"],
    ["Higher Education", "Primary and Secondary Education", "Research Services", "Museums", "E-Learning Providers", "Education Management",
     "Professional Training", "Language Schools", "Early Childhood Education", "Tutoring", "Education Technology", "Academic Publishing", "Vocational Schools", "Archives", "Scholarships"],
    ["Hospitals and Health Care", "Medical Practices", "Wellness and Fitness", "Mental Health Care", "Veterinary Services", "Pharmaceuticals", "Biotechnology",
     "Medical Devices", "Dental Care", "Home Care", "Diagnostics", "Telemedicine", "Clinical Trials", "Nutrition", "Genomics", "Digital Therapeutics"],
    ["Non-profit Organizations", "Philanthropy", "Religious Institutions", "Individual and Family Services", "Civic and Social Organizations",
     "Fundraising", "Animal Welfare", "Human Rights", "Disaster Relief", "Community Development", "Environmental Advocacy", "Social Housing", "Youth Services", "Volunteering"],
    ["Food and Beverage Services", "Hospitality", "Restaurants", "Travel Arrangements", "Leisure and Recreation", "Wine and Spirits", "Events Services",
     "Catering", "Short-term Rentals", "Airlines", "Cruise Lines", "Coffee Roasting", "Theme Parks", "Tour Operators", "Wedding Planning", "Bakeries"],
    ["Retail", "Apparel and Fashion", "Luxury Goods and Jewelry", "Consumer Goods", "Cosmetics", "Sporting Goods", "Furniture",
     "Supermarkets", "Online Retail", "Toys and Games", "Pet Supplies", "Second-hand Goods", "Footwear", "Eyewear", "Home Textiles", "Direct Selling"],
    ["Construction", "Real Estate", "Architecture and Planning", "Civil Engineering", "Building Materials", "Facilities Services", "Interior Design",
     "Property Management", "Prefabricated Housing", "Landscaping", "Commercial Real Estate", "Elevators", "Roofing", "Property Technology", "Surveying"],
    ["Manufacturing", "Machinery", "Automotive", "Chemicals", "Electrical Equipment", "Plastics", "Packaging and Containers", "Aviation and Aerospace",
     "Industrial Automation", "Metal Processing", "Shipbuilding", "Paper Products", "Textiles", "Semiconductors", "3D Printing", "Glass and Ceramics", "Robotics"],
    ["Transportation and Logistics", "Warehousing", "Freight Forwarding", "Maritime", "Supply Chain Services", "Import and Export", "Railways",
     "Last-mile Delivery", "Cold Chain", "Fleet Management", "Courier Services", "Port Operations", "Drone Delivery", "Customs Brokerage"],
    ["Oil and Energy", "Renewables and Environment", "Mining and Metals", "Agriculture", "Forestry", "Environmental Services",
     "Solar Energy", "Wind Energy", "Energy Storage", "Carbon Accounting", "Fisheries", "Dairy", "Vertical Farming", "Hydrogen", "Recycling", "Smart Grids"],
    ["Media Production", "Entertainment", "Music", "Publishing", "Broadcast Media", "Design Services", "Photography", "Computer Games", "Writing and Editing",
     "Podcasting", "Animation", "Film Distribution", "Performing Arts", "Newsletters", "Esports", "Graphic Design", "User Experience Design"],
    ["Legal Services", "Law Practice", "Accounting", "Insurance", "Human Resources Services", "Staffing and Recruiting", "Translation and Localization",
     "Executive Search", "Compliance", "Payroll", "Auditing", "Mediation", "Patent Law", "Insurance Technology", "Legal Technology", "Outplacement"],
    ["Financial Services", "Banking", "Investment Management", "Venture Capital and Private Equity", "Capital Markets", "Investment Banking",
     "Payments", "Fintech", "Wealth Management", "Crowdfunding", "Cryptocurrency", "Leasing", "Credit Scoring", "Microfinance", "Financial Advice", "Family Offices"],
    ["Business Consulting", "Management Consulting", "Outsourcing and Offshoring", "Market Research", "Professional Services", "Executive Coaching", "Security and Investigations",
     "Change Management", "Procurement Advisory", "Innovation Consulting", "Sustainability Consulting", "Business Intelligence", "Operations Consulting", "Pricing Consulting", "Interim Management"],
    ["Marketing Services", "Advertising Services", "Public Relations", "Online Media", "Events Marketing", "Printing Services",
     "Performance Marketing", "Content Marketing", "Influencer Marketing", "Search Engine Optimization", "Lead Generation", "Branding", "Email Marketing", "Marketing Technology", "Affiliate Marketing", "Social Media Agencies"],
    ["Software Development", "IT Services and Consulting", "Technology and Internet", "Computer and Network Security", "Telecommunications", "Data Infrastructure", "Computer Hardware",
     "Software as a Service", "Artificial Intelligence", "Cloud Computing", "Cybersecurity", "Developer Tools", "Sales Automation", "Data Analytics", "Internet of Things", "Blockchain Services", "Low-code Platforms", "IT Staffing"],
]

# Cities by how the sample's geography is cut: west to east.
CITIES = {
    "North America": ["New York, United States", "San Francisco Bay Area, United States", "Toronto, Canada", "Chicago, United States", "Los Angeles, United States", "Boston, United States",
                      "Austin, United States", "Seattle, United States", "Montreal, Canada", "Atlanta, United States", "Denver, United States", "Vancouver, Canada", "Miami, United States",
                      "Dallas, United States", "Washington, United States", "Phoenix, United States", "Calgary, Canada", "Minneapolis, United States", "Portland, United States", "Ottawa, Canada"],
    "Europe": ["London, United Kingdom", "Paris, France", "Berlin, Germany", "Amsterdam, Netherlands", "Madrid, Spain", "Munich, Germany", "Zurich, Switzerland", "Milan, Italy", "Barcelona, Spain",
               "Stockholm, Sweden", "Dublin, Ireland", "Vienna, Austria", "Brussels, Belgium", "Copenhagen, Denmark", "Lisbon, Portugal", "Hamburg, Germany", "Warsaw, Poland", "Lyon, France",
               "Prague, Czechia", "Oslo, Norway", "Helsinki, Finland", "Frankfurt, Germany", "Rome, Italy", "Manchester, United Kingdom", "Budapest, Hungary", "Geneva, Switzerland",
               "Athens, Greece", "Bucharest, Romania", "Rotterdam, Netherlands", "Cologne, Germany", "Porto, Portugal", "Tallinn, Estonia", "Krakow, Poland", "Antwerp, Belgium"],
    "Other": ["Singapore", "Dubai, United Arab Emirates", "Bengaluru, India", "Sydney, Australia", "Mumbai, India", "Tel Aviv, Israel", "São Paulo, Brazil", "Hong Kong", "Tokyo, Japan", "Melbourne, Australia",
              "Mexico City, Mexico", "Johannesburg, South Africa", "Delhi, India", "Istanbul, Türkiye", "Nairobi, Kenya", "Bogotá, Colombia", "Jakarta, Indonesia", "Lagos, Nigeria", "Seoul, South Korea",
              "Auckland, New Zealand", "Buenos Aires, Argentina", "Santiago, Chile", "Cairo, Egypt", "Manila, Philippines", "Kuala Lumpur, Malaysia", "Bangkok, Thailand", "Cape Town, South Africa", "Lima, Peru"],
}

LANGUAGES = ["English", "German", "French", "Spanish", "Italian", "Dutch", "Portuguese", "Hindi", "Mandarin", "Russian", "Arabic", "Polish", "Swedish", "Japanese", "Turkish", "Danish",
             "Hebrew", "Norwegian", "Catalan", "Romanian", "Greek", "Hungarian", "Czech", "Korean", "Tamil", "Finnish", "Ukrainian", "Bengali", "Persian", "Urdu"]

SKILLS = ["Management", "Leadership", "Strategy", "Project Management", "Marketing", "Sales", "Business Development", "Communication", "Microsoft Office", "Customer Service", "Microsoft Excel", "Negotiation",
          "Team Leadership", "Business Strategy", "Social Media", "Data Analysis", "Python", "SQL", "Digital Marketing", "Public Speaking", "Strategic Planning", "Research", "Product Management", "Entrepreneurship",
          "Account Management", "Coaching", "Consulting", "Event Management", "Finance", "Training", "Marketing Strategy", "Start-ups", "Recruiting", "Java", "Machine Learning", "Change Management", "CRM", "Agile Methodologies",
          "Software Development", "User Experience", "Operations Management", "Risk Management", "Teamwork", "Analytics", "Financial Analysis", "Lead Generation", "Scrum", "Cloud Computing", "Copywriting", "Human Resources",
          "Accounting", "Contract Negotiation", "Market Research", "Supply Chain Management", "Graphic Design", "Content Strategy", "Search Engine Optimization", "JavaScript", "Process Improvement", "Logistics", "Budgeting",
          "Investor Relations", "Mergers and Acquisitions", "Brand Management", "Photography", "Editing", "Teaching", "Policy Analysis", "Fundraising", "Procurement", "Quality Assurance", "Lean Manufacturing", "AutoCAD",
          "Mechanical Engineering", "Data Science", "Docker", "Kubernetes", "Information Security", "Pricing", "Partnerships", "Email Marketing", "Growth", "Video Production", "Translation", "Employment Law", "Compliance",
          "Due Diligence", "Portfolio Management", "Private Equity", "Venture Capital", "Real Estate", "Construction Management", "Sustainability", "Renewable Energy", "Clinical Research", "Nursing", "Pharmacology",
          "Healthcare Management", "Curriculum Design", "Facilitation", "Mentoring", "Storytelling", "Web Design", "Adobe Photoshop", "Figma", "Salesforce", "HubSpot", "Power BI", "Tableau", "TensorFlow", "Statistics", "C++", "Go",
          "DevOps", "Linux", "Networking", "Embedded Systems", "Robotics", "Blockchain", "Corporate Governance", "Tax", "Auditing", "Payroll", "Talent Acquisition", "Organizational Design", "Retail", "Merchandising",
          "E-commerce", "Inventory Management", "Hospitality", "Food Safety", "Wine", "Yoga", "Interior Design", "Urban Planning", "Geology", "Agronomy", "Shipping", "Customs", "Journalism", "Public Relations", "Crisis Management"]

LISTS = {
    "function": ["Marketing", "Sales", "Product", "Operations", "Finance", "Engineering", "Human Resources", "Customer Success", "Business Development", "Data", "Partnerships", "Communications", "Legal", "Procurement",
                 "Design", "Logistics", "IT", "Growth", "Research", "Quality", "Brand", "Compliance"],
    "craft": ["Software Engineer", "Account Executive", "Project Manager", "Consultant", "Recruiter", "Data Analyst", "Product Designer", "Accountant", "Customer Success Manager", "Lawyer", "Architect", "Nurse", "Teacher",
              "Copywriter", "Mechanical Engineer", "Researcher", "Event Planner", "Buyer", "Translator", "Content Creator", "Business Analyst", "Photographer", "Financial Adviser", "Office Manager"],
    "region": ["EMEA", "DACH", "Americas", "APAC", "Nordics", "Benelux", "Iberia", "UK and Ireland", "Latin America", "Global"],
    "field": ["software", "energy", "health care", "retail", "logistics", "education", "finance", "media", "hospitality", "real estate", "manufacturing", "the public sector", "insurance", "food", "mobility", "cybersecurity",
              "agriculture", "fashion", "consulting", "telecommunications"],
    "focus": ["growth", "customer retention", "digital transformation", "new markets", "process quality", "data", "people", "product strategy", "pricing", "sustainability", "partnerships", "operational excellence",
              "brand building", "hiring", "automation", "cost control", "compliance", "user research"],
    "audience": ["small businesses", "global teams", "family companies", "start-ups", "public institutions", "hospitals", "retailers", "investors", "engineers", "mid-sized manufacturers", "non-profits", "founders", "schools"],
    "verb": ["build", "lead", "advise", "coach", "support", "grow", "organise", "scale", "reshape", "develop", "train", "strengthen"],
    "trait": ["curious", "pragmatic", "hands-on", "analytical", "patient", "hard-working", "reliable", "creative", "structured", "multilingual", "results-driven", "calm under pressure"],
    "years": ["three", "five", "seven", "eight", "ten", "twelve", "fifteen", "more than fifteen", "twenty", "over twenty", "twenty-five"],
    "pastime": ["sailing", "long-distance running", "cooking", "chess", "photography", "hiking", "playing the cello", "gardening", "climbing", "reading history", "volunteering", "learning languages", "cycling"],
    "result": ["doubled the pipeline", "cut lead times by a third", "opened two new offices", "launched a product in four countries", "halved the churn", "rebuilt the team from scratch", "won three framework contracts",
               "moved the whole platform to the cloud", "brought costs down by a fifth", "set up the first data team", "ran the integration of two companies", "passed every audit"],
}

# A job's rank, from the lowest to the highest, with its weight.
TITLES = [
    ("Student", 6), ("{function} Intern", 8), ("{function} Trainee", 4), ("{function} Assistant", 12), ("Junior {craft}", 12), ("{function} Coordinator", 14), ("{function} Associate", 10), ("Freelance {craft}", 22),
    ("{craft}", 70), ("{craft} in {field}", 30), ("{function} Specialist", 26), ("{function} Specialist, {region}", 14), ("Senior {craft}", 40), ("Senior {craft} | {focus}", 12), ("{function} Manager", 52),
    ("{function} Manager, {region}", 40), ("Team Lead {function}", 20), ("{function} and {function} Manager", 18), ("Senior {function} Manager", 30), ("Senior {function} Manager, {region}", 14), ("Head of {function}", 44),
    ("Head of {function}, {region}", 36), ("Interim {function} Director", 6), ("{function} Director", 30), ("{function} Director, {region}", 26), ("Director of {function} and {function}", 22), ("VP {function}", 26),
    ("VP {function}, {region}", 18), ("Board Member and Adviser in {field}", 14), ("Partner, {field} Practice", 16), ("Managing Director", 8), ("Managing Director, {region}", 14), ("Co-Founder and Chief {function} Officer", 18),
    ("Chief {function} Officer", 26), ("Owner", 6), ("Founder and CEO", 10), ("CEO in {field}", 16), ("Founder | {field} for {audience}", 22), ("Founder", 6), ("CEO", 6),
]

SENTENCES = [
    ("I {verb} teams in {field} with a focus on {focus}.", 10), ("For {years} years I have worked with {audience}.", 10), ("My work is about {focus} and {focus}.", 8), ("In my last role we {result}.", 8), ("Before that I {result}.", 5),
    ("I am {trait}, {trait} and at home in {field}.", 8), ("I help {audience} to {verb} what matters: {focus}.", 8), ("Away from work you will find me {pastime}.", 4), ("My background is in {field}, with {years} years in {function}.", 9),
    ("Together with a small team I {result}.", 6), ("I enjoy working with {audience} across {region}.", 6), ("I write and speak about {focus} in {field}.", 4), ("Currently looking for new challenges in {field}.", 3),
    ("As a {trait} person I like to {verb} and to {verb}.", 5), ("Specialties: {focus}, {focus}, {focus}, {focus}.", 6), ("What drives me is {focus}.", 5), ("{function} and {function} are two sides of one thing.", 3),
    ("I have been responsible for {function} in {region} and {result}.", 7), ("Always open to a conversation about {focus}, especially with {audience}.", 5), ("I started out in {field}, moved to {field} after {years} years, and stayed for {focus}.", 5),
]
